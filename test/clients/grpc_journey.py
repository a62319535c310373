"""
What Identity Hub is to programs in Python: grpcio and protobuf, over TLS, as the vendor's SDK uses them. In the place of its generated
code stand the descriptors that the server itself gives away by reflection. The variables of `poolhouse env --for yc-python` are all it knows.
"""

import os

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from steps import ask, journey, refused, same, step

HUB = 'yandex.cloud.organizationmanager.v1'
IDP = f'{HUB}.idp'
ENDPOINT = os.environ['YC_ENDPOINT']

pool = descriptor_pool.DescriptorPool()
with open(os.environ['GRPC_DEFAULT_SSL_ROOTS_FILE_PATH'], 'rb') as file:
    trust = grpc.ssl_channel_credentials(file.read())
channel = grpc.secure_channel(ENDPOINT, trust)


def message(name):
    described = pool.FindMessageTypeByName(name)
    # Older protobuf has the first, newer the second.
    if hasattr(message_factory, 'GetMessageClass'):
        return message_factory.GetMessageClass(described)
    return message_factory.MessageFactory(pool).GetPrototype(described)


def reflection():
    """The part of grpc/reflection/v1alpha/reflection.proto that is used here."""
    of = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name='reflection.proto', package='asked', syntax='proto3')

    def add(name, /, **fields):
        made = file.message_type.add(name=name)
        for field, (number, kind, many) in fields.items():
            entry = made.field.add(name=field, number=number, label=of.LABEL_REPEATED if many else of.LABEL_OPTIONAL)
            entry.type = of.TYPE_MESSAGE if isinstance(kind, str) else kind
            if isinstance(kind, str):
                entry.type_name = f'.asked.{kind}'

    add('Request', file_by_filename=(3, of.TYPE_STRING, False), file_containing_symbol=(4, of.TYPE_STRING, False), list_services=(7, of.TYPE_STRING, False))
    add('Response', file_descriptor_response=(4, 'Files', False), list_services_response=(6, 'Services', False), error_response=(7, 'Error', False))
    add('Files', file_descriptor_proto=(1, of.TYPE_BYTES, True))
    add('Services', service=(1, 'Service', True))
    add('Service', name=(1, of.TYPE_STRING, False))
    add('Error', error_code=(1, of.TYPE_INT32, False), error_message=(2, of.TYPE_STRING, False))
    pool.Add(file)
    return message('asked.Request'), message('asked.Response')


def learn(**question):
    """Asks the server, and takes in what files it answers."""
    call = channel.stream_stream(
        '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
        request_serializer=Request.SerializeToString,
        response_deserializer=Response.FromString,
    )
    answer = next(call(iter([Request(**question)])))
    for raw in answer.file_descriptor_response.file_descriptor_proto:
        file = descriptor_pb2.FileDescriptorProto.FromString(raw)
        if file.name not in known:
            known.add(file.name)
            for dependency in file.dependency:
                if dependency not in known:
                    learn(file_by_filename=dependency)
            pool.Add(file)
    return answer


known = set()
Request, Response = reflection()
made = {}


def call(path, _metadata=(), **fields):
    """A unary call, as generated code makes it."""
    service, name = path.split('/')
    method = pool.FindServiceByName(service).methods_by_name[name]
    invoke = channel.unary_unary(
        f'/{path}',
        request_serializer=message(method.input_type.full_name).SerializeToString,
        response_deserializer=message(method.output_type.full_name).FromString,
    )
    metadata = [('authorization', f'Bearer {os.environ["YC_TOKEN"]}'), *_metadata]
    return invoke(message(method.input_type.full_name)(**fields), metadata=metadata, timeout=20)


def done(operation, kind):
    """Polls an Operation until it is done; what it answers is of that kind."""
    polls = 0
    while not operation.done:
        operation = call('yandex.cloud.operation.OperationService/Get', operation_id=operation.id)
        polls += 1
    made['polls'] = polls
    if operation.WhichOneof('result') == 'error':
        raise RuntimeError(operation.error.message)
    answer = message(kind)()
    assert operation.response.Unpack(answer), operation.response.type_url
    return answer


@step
def learns_the_api_by_reflection():
    names = [service.name for service in learn(list_services='*').list_services_response.service]
    for service in (f'{IDP}.UserService', f'{HUB}.GroupService', 'yandex.cloud.operation.OperationService', 'grpc.health.v1.Health'):
        assert service in names, names
    for service in names:
        learn(file_containing_symbol=service)
    same(learn(file_containing_symbol='no.such.Service').error_response.error_code, grpc.StatusCode.NOT_FOUND.value[0])


@step
def asks_where_services_are_and_whether_they_are_well():
    endpoints = {endpoint.id: endpoint.address for endpoint in call('yandex.cloud.endpoint.ApiEndpointService/List').endpoints}
    for name in ('iam', 'operation', 'organization-manager'):
        same(endpoints[name], ENDPOINT)
    same(call('grpc.health.v1.Health/Check').status, 1)


@step
def makes_a_pool_and_waits_for_its_operation():
    organization = call(f'{HUB}.OrganizationService/List').organizations[0].id
    operation = call(f'{IDP}.UserpoolService/Create', organization_id=organization, name='python', default_subdomain='python')
    same(operation.done, False)
    metadata = message(f'{IDP}.CreateUserpoolMetadata')()
    assert operation.metadata.Unpack(metadata)
    made['pool'] = done(operation, f'{IDP}.Userpool')
    same((made['pool'].id, list(made['pool'].domains)), (metadata.userpool_id, ['python.idp.yandexcloud.net']))
    assert made['polls'] >= 2, made['polls']


@step
def makes_and_finds_a_user():
    fields = {'userpool_id': made['pool'].id, 'password_spec': {'password': 'Correct-Horse-1'}}
    anna = {'username': 'anna@python.idp.yandexcloud.net', 'full_name': 'Анна К', 'email': 'anna@example.com'}
    operation = call(f'{IDP}.UserService/Create', **fields, **anna)
    user = done(operation, f'{IDP}.User')
    same((user.username, user.full_name, user.email), tuple(anna.values()))
    assert user.created_at.seconds > 0
    same(call(f'{IDP}.UserService/Get', user_id=user.id), user)
    for number in range(4):
        name = f'user{number}@python.idp.yandexcloud.net'
        done(call(f'{IDP}.UserService/Create', **fields, username=name, full_name='U'), f'{IDP}.User')
    names, token = [], ''
    while True:
        page = call(f'{IDP}.UserService/List', userpool_id=made['pool'].id, page_size=2, page_token=token)
        assert len(page.users) <= 2
        names += [found.username for found in page.users]
        token = page.next_page_token
        if not token:
            break
    same(sorted(names), sorted([user.username] + [f'user{number}@python.idp.yandexcloud.net' for number in range(4)]))
    made['user'] = user


@step
def changes_only_what_the_mask_names():
    operation = call(f'{IDP}.UserService/Update', user_id=made['user'].id, full_name='Anna', email='', update_mask={'paths': ['full_name']})
    changed = done(operation, f'{IDP}.User')
    same((changed.full_name, changed.email), ('Anna', 'anna@example.com'))


@step
def is_refused_with_a_status_and_details():
    def status(act):
        try:
            act()
        except grpc.RpcError as refusal:
            trailers = dict(refusal.trailing_metadata())
            told = message('google.rpc.Status').FromString(trailers['grpc-status-details-bin'])
            same((told.code, told.message), (refusal.code().value[0], refusal.details()))
            return refusal.code(), refusal.details(), told
        raise AssertionError('not refused')

    code, text, _ = status(lambda: call(f'{IDP}.UserService/Get', user_id='ajenobody00000000000'))
    same((code, text), (grpc.StatusCode.NOT_FOUND, 'User ajenobody00000000000 not found'))
    code, text, told = status(lambda: call(f'{IDP}.UserService/Create', userpool_id=made['pool'].id))
    same(code, grpc.StatusCode.INVALID_ARGUMENT)
    learn(file_containing_symbol='google.rpc.BadRequest')
    violations = message('google.rpc.BadRequest')()
    assert any(detail.Unpack(violations) for detail in told.details), told
    assert 'full_name' in [violation.field for violation in violations.field_violations], violations
    with refused(grpc.RpcError, 'UNIMPLEMENTED', f'there is no POST /{IDP}.UserService/Creat'):
        channel.unary_unary(f'/{IDP}.UserService/Creat')(b'')


@step
def gives_a_call_up_when_it_takes_too_long():
    ask('/_/faults', 'PUT', [{'match': {'operation': 'idp.UserService.Get'}, 'then': {'delay': '3s'}}])
    invoke = channel.unary_unary(f'/{IDP}.UserService/Get', request_serializer=message(f'{IDP}.GetUserRequest').SerializeToString)
    with refused(grpc.RpcError, 'DEADLINE_EXCEEDED'):
        invoke(message(f'{IDP}.GetUserRequest')(user_id=made['user'].id), timeout=0.3)


@step
def speaks_without_tls_and_packed_too():
    plain = grpc.insecure_channel(os.environ['POOLHOUSE_URL'].split('//')[1], compression=grpc.Compression.Gzip)
    invoke = plain.unary_unary(
        f'/{IDP}.UserService/Get',
        request_serializer=message(f'{IDP}.GetUserRequest').SerializeToString,
        response_deserializer=message(f'{IDP}.User').FromString,
    )
    same(invoke(message(f'{IDP}.GetUserRequest')(user_id=made['user'].id), timeout=20).full_name, 'Anna')
    plain.close()


@step
def takes_the_user_away():
    done(call(f'{IDP}.UserService/Delete', user_id=made['user'].id), 'google.protobuf.Empty')
    with refused(grpc.RpcError, 'NOT_FOUND'):
        call(f'{IDP}.UserService/Get', user_id=made['user'].id)
    channel.close()


journey()
