"""What programs with boto3 do with user pools; the variables of `poolhouse env --for boto3` are all it knows of Poolhouse."""

import base64
import datetime
import hashlib
import hmac
import os
import struct
import time
import urllib.request

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

from steps import ask, journey, mailed, refused, same, step

ENDPOINT = os.environ['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER']
READS_VARIABLES = tuple(map(int, botocore.__version__.split('.')[:2])) >= (1, 31)
PASSWORD = 'Secret-Password-1'


def client(**more):
    # Before 1.31 botocore did not know the variable.
    place = {} if READS_VARIABLES else {'endpoint_url': ENDPOINT}
    return boto3.client('cognito-idp', **{**place, **more})


idp = client()
errors = idp.exceptions
made = {}


def secret_hash(username):
    message = (username + made['client']['ClientId']).encode()
    return base64.b64encode(hmac.digest(made['client']['ClientSecret'].encode(), message, 'sha256')).decode()


def totp(secret, ahead=0):
    key = base64.b32decode(secret + '=' * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack('>Q', int(time.time() + ahead) // 30), hashlib.sha1)
    start = digest[-1] & 15
    return f'{(struct.unpack(">I", digest[start:start + 4])[0] & 0x7FFFFFFF) % 10 ** 6:06}'


def sign_in(username, password=PASSWORD):
    parameters = {'USERNAME': username, 'PASSWORD': password, 'SECRET_HASH': secret_hash(username)}
    return idp.initiate_auth(AuthFlow='USER_PASSWORD_AUTH', ClientId=made['client']['ClientId'], AuthParameters=parameters)


def attributes(of):
    return {attribute['Name']: attribute['Value'] for attribute in of}


@step
def makes_a_pool_and_a_client():
    pool = idp.create_user_pool(
        PoolName='boto3',
        AutoVerifiedAttributes=['email'],
        AliasAttributes=['email'],
        Schema=[{'Name': 'level', 'AttributeDataType': 'Number', 'Mutable': True}],
    )['UserPool']
    assert pool['Id'].startswith('us-east-1_'), pool['Id']
    assert isinstance(pool['CreationDate'], datetime.datetime) and pool['CreationDate'].tzinfo is not None
    made['pool'] = {'UserPoolId': pool['Id']}
    flows = ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH']
    answer = idp.create_user_pool_client(**made['pool'], ClientName='app', GenerateSecret=True, ExplicitAuthFlows=flows)
    made['client'] = answer['UserPoolClient']
    same(answer['ResponseMetadata']['HTTPStatusCode'], 200)
    assert answer['ResponseMetadata']['RequestId']


@step
def signs_up_and_is_let_in_once_confirmed():
    who = {'ClientId': made['client']['ClientId'], 'Username': 'ada', 'SecretHash': secret_hash('ada')}
    with refused(errors.InvalidPasswordException, 'Password did not conform with policy'):
        idp.sign_up(**who, Password='short-pw')
    answer = idp.sign_up(**who, Password=PASSWORD, UserAttributes=[{'Name': 'email', 'Value': 'ada@example.com'}])
    same(answer['UserConfirmed'], False)
    same(answer['CodeDeliveryDetails'], {'Destination': 'a***@e***', 'DeliveryMedium': 'EMAIL', 'AttributeName': 'email'})
    with refused(errors.UsernameExistsException, 'User already exists'):
        idp.sign_up(**who, Password=PASSWORD)
    with refused(errors.UserNotConfirmedException, 'User is not confirmed.'):
        sign_in('ada')
    with refused(errors.CodeMismatchException, 'Invalid verification code provided, please try again.'):
        idp.confirm_sign_up(**who, ConfirmationCode='000000')
    idp.confirm_sign_up(**who, ConfirmationCode=mailed('ada@example.com'))
    made['tokens'] = sign_in('ada')['AuthenticationResult']
    same(sign_in('ada@example.com')['AuthenticationResult']['ExpiresIn'], 3600)


@step
def refuses_by_classes_that_the_sdk_knows():
    with refused(errors.UserNotFoundException, 'User does not exist.'):
        idp.admin_get_user(**made['pool'], Username='nobody')
    with refused(errors.NotAuthorizedException, 'Incorrect username or password.'):
        sign_in('ada', 'Wrong-Password-1')
    with refused(errors.ResourceNotFoundException, 'User pool us-east-1_nowhere00 does not exist.'):
        idp.describe_user_pool(UserPoolId='us-east-1_nowhere00')
    with refused(errors.InvalidParameterException, "failed to satisfy constraint"):
        idp.list_users(**made['pool'], Limit=61)
    with refused(ParamValidationError, 'Missing required parameter'):
        idp.list_users()
    try:
        idp.admin_create_user(**made['pool'], Username='ada')
    except ClientError as error:
        same(error.operation_name, 'AdminCreateUser')
        same(error.response['Error'], {'Code': 'UsernameExistsException', 'Message': 'User account already exists'})
        same(error.response['ResponseMetadata']['HTTPStatusCode'], 400)


@step
def uses_tokens():
    access = {'AccessToken': made['tokens']['AccessToken']}
    user = idp.get_user(**access)
    same((user['Username'], attributes(user['UserAttributes'])['email_verified']), ('ada', 'true'))
    idp.update_user_attributes(**access, UserAttributes=[{'Name': 'custom:level', 'Value': '7'}])
    same(attributes(idp.get_user(**access)['UserAttributes'])['custom:level'], '7')
    idp.change_password(**access, PreviousPassword=PASSWORD, ProposedPassword=PASSWORD + '2')
    idp.change_password(**access, PreviousPassword=PASSWORD + '2', ProposedPassword=PASSWORD)
    refreshed = idp.initiate_auth(
        AuthFlow='REFRESH_TOKEN_AUTH',
        ClientId=made['client']['ClientId'],
        AuthParameters={'REFRESH_TOKEN': made['tokens']['RefreshToken'], 'SECRET_HASH': secret_hash(user['Username'])},
    )['AuthenticationResult']
    assert 'RefreshToken' not in refreshed
    idp.global_sign_out(**access)
    with refused(errors.NotAuthorizedException, 'Access Token has been revoked'):
        idp.get_user(**access)


@step
def forgets_a_password():
    who = {'ClientId': made['client']['ClientId'], 'Username': 'ada', 'SecretHash': secret_hash('ada')}
    same(idp.forgot_password(**who)['CodeDeliveryDetails']['DeliveryMedium'], 'EMAIL')
    idp.confirm_forgot_password(**who, ConfirmationCode=mailed('ada@example.com'), Password=PASSWORD + '3')
    assert sign_in('ada', PASSWORD + '3')['AuthenticationResult']['IdToken']
    idp.admin_set_user_password(**made['pool'], Username='ada', Password=PASSWORD, Permanent=True)


@step
def administers_users():
    bert = {**made['pool'], 'Username': 'bert'}
    user = idp.admin_create_user(**bert, TemporaryPassword='Temporary-Pass-1', MessageAction='SUPPRESS')['User']
    same((user['UserStatus'], user['Enabled']), ('FORCE_CHANGE_PASSWORD', True))
    asked = idp.admin_initiate_auth(
        UserPoolId=bert['UserPoolId'],
        ClientId=made['client']['ClientId'],
        AuthFlow='ADMIN_USER_PASSWORD_AUTH',
        AuthParameters={'USERNAME': 'bert', 'PASSWORD': 'Temporary-Pass-1', 'SECRET_HASH': secret_hash('bert')},
    )
    same(asked['ChallengeName'], 'NEW_PASSWORD_REQUIRED')
    done = idp.admin_respond_to_auth_challenge(
        UserPoolId=bert['UserPoolId'],
        ClientId=made['client']['ClientId'],
        ChallengeName='NEW_PASSWORD_REQUIRED',
        Session=asked['Session'],
        ChallengeResponses={'USERNAME': 'bert', 'NEW_PASSWORD': PASSWORD, 'SECRET_HASH': secret_hash('bert')},
    )
    assert done['AuthenticationResult']['AccessToken']
    idp.admin_update_user_attributes(**bert, UserAttributes=[{'Name': 'given_name', 'Value': 'Bért'}])
    same(attributes(idp.admin_get_user(**bert)['UserAttributes'])['given_name'], 'Bért')
    idp.admin_disable_user(**bert)
    with refused(errors.NotAuthorizedException, 'User is disabled.'):
        sign_in('bert')
    idp.admin_enable_user(**bert)
    idp.admin_user_global_sign_out(**bert)
    idp.admin_delete_user(**bert)
    with refused(errors.UserNotFoundException, 'User does not exist.'):
        idp.admin_get_user(**bert)


@step
def asks_for_a_second_factor():
    access = {'AccessToken': sign_in('ada')['AuthenticationResult']['AccessToken']}
    idp.set_user_pool_mfa_config(**made['pool'], SoftwareTokenMfaConfiguration={'Enabled': True}, MfaConfiguration='OPTIONAL')
    secret = idp.associate_software_token(**access)['SecretCode']
    with refused(errors.EnableSoftwareTokenMFAException, 'Code mismatch'):
        idp.verify_software_token(**access, UserCode='000000')
    same(idp.verify_software_token(**access, UserCode=totp(secret))['Status'], 'SUCCESS')
    idp.set_user_mfa_preference(**access, SoftwareTokenMfaSettings={'Enabled': True, 'PreferredMfa': True})
    asked = sign_in('ada')
    same(asked['ChallengeName'], 'SOFTWARE_TOKEN_MFA')
    # A code counts once; the next one comes half a minute later.
    ask('/_/clock/advance', 'POST', {'by': '30s'})
    answer = {'USERNAME': 'ada', 'SOFTWARE_TOKEN_MFA_CODE': totp(secret, ahead=30), 'SECRET_HASH': secret_hash('ada')}
    done = idp.respond_to_auth_challenge(
        ClientId=made['client']['ClientId'],
        ChallengeName='SOFTWARE_TOKEN_MFA',
        Session=asked['Session'],
        ChallengeResponses=answer,
    )
    assert done['AuthenticationResult']['IdToken']
    ask('/_/clock', 'PUT', {'now': 'real', 'frozen': False})


@step
def pages_with_its_own_paginators():
    for number in range(5):
        idp.admin_create_user(**made['pool'], Username=f'user{number}', MessageAction='SUPPRESS')
        idp.create_group(**made['pool'], GroupName=f'group{number}')
        idp.admin_add_user_to_group(**made['pool'], Username='user0', GroupName=f'group{number}')
        idp.admin_add_user_to_group(**made['pool'], Username=f'user{number}', GroupName='group0')
        idp.create_user_pool_client(**made['pool'], ClientName=f'client{number}')
        idp.create_resource_server(**made['pool'], Identifier=f'https://{number}.example', Name=f'server{number}')
        idp.create_user_pool(PoolName=f'pool{number}')

    def pages(operation, member, key, **more):
        found = list(idp.get_paginator(operation).paginate(**more, PaginationConfig={'PageSize': 2}))
        assert all(len(page[member]) <= 2 for page in found), f'{operation}: {[len(page[member]) for page in found]}'
        return len(found), sorted(item[key] for page in found for item in page[member])

    five = range(5)
    same(pages('list_users', 'Users', 'Username', **made['pool'], Filter='username ^= "user"'), (3, [f'user{n}' for n in five]))
    same(pages('list_groups', 'Groups', 'GroupName', **made['pool']), (3, [f'group{n}' for n in five]))
    of = {**made['pool'], 'Username': 'user0'}
    same(pages('admin_list_groups_for_user', 'Groups', 'GroupName', **of), (3, [f'group{n}' for n in five]))
    same(pages('list_users_in_group', 'Users', 'Username', **made['pool'], GroupName='group0'), (3, [f'user{n}' for n in five]))
    same(pages('list_user_pool_clients', 'UserPoolClients', 'ClientName', **made['pool']), (3, ['app'] + [f'client{n}' for n in five]))
    same(pages('list_resource_servers', 'ResourceServers', 'Name', **made['pool']), (3, [f'server{n}' for n in five]))
    # Each brings a group of its own with it, so they come last.
    asked = {'client_id': 'x', 'client_secret': 'x', 'authorize_scopes': 'openid', 'oidc_issuer': 'https://accounts.example.com'}
    asked['attributes_request_method'] = 'GET'
    for name in ('authorize_url', 'token_url', 'attributes_url', 'jwks_uri'):
        asked[name] = f'https://accounts.example.com/{name}'
    names = [f'Company{n}' for n in five]
    for name in names:
        idp.create_identity_provider(**made['pool'], ProviderName=name, ProviderType='OIDC', ProviderDetails=asked)
    same(pages('list_identity_providers', 'Providers', 'ProviderName', **made['pool']), (3, names))
    same(pages('list_user_pools', 'UserPools', 'Name'), (3, ['boto3'] + [f'pool{n}' for n in five]))
    with refused(errors.UserPoolAddOnNotEnabledException, 'Threat protection is not enabled'):
        pages('admin_list_user_auth_events', 'AuthEvents', 'EventId', **made['pool'], Username='ada')

    users = idp.get_paginator('list_users')
    first = users.paginate(**made['pool'], PaginationConfig={'MaxItems': 3, 'PageSize': 2}).build_full_result()
    rest = users.paginate(**made['pool'], PaginationConfig={'StartingToken': first['NextToken'], 'PageSize': 2}).build_full_result()
    same(sorted(user['Username'] for user in first['Users'] + rest['Users']), ['ada'] + [f'user{n}' for n in five])
    # Asked for by name, an attribute is one that all who are found have.
    with_email = users.paginate(**made['pool'], AttributesToGet=['email'], Filter='email ^= "ada"')
    same(list(with_email.search('Users[].Attributes[].Value')), ['ada@example.com'])


@step
def sends_a_picture_and_gets_dates():
    idp.create_user_pool_domain(**made['pool'], Domain='boto3')
    picture = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
    look = idp.set_ui_customization(**made['pool'], CSS='.banner-customizable {\n\tbackground: lightblue;\n}', ImageFile=picture)
    with urllib.request.urlopen(look['UICustomization']['ImageUrl']) as answer:
        same(answer.read(), picture)
    assert abs(time.time() - look['UICustomization']['LastModifiedDate'].timestamp()) < 60


@step
def tries_again_when_it_is_told_to_wait():
    fault = {'match': {'operation': 'ListGroups'}, 'then': {'error': 'TooManyRequestsException'}, 'times': 2}
    ask('/_/faults', 'PUT', [fault])
    answer = client(config=Config(retries={'mode': 'standard', 'max_attempts': 4})).list_groups(**made['pool'])
    same((len(answer['Groups']), answer['ResponseMetadata']['RetryAttempts']), (10, 2))
    ask('/_/faults', 'PUT', [fault])
    with refused(errors.TooManyRequestsException, 'ListGroups'):
        client(config=Config(retries={'mode': 'standard', 'max_attempts': 1})).list_groups(**made['pool'])


@step
def signs_what_administrators_call():
    with refused(ClientError, 'UnrecognizedClientException'):
        client(aws_access_key_id='AKIAIOSFODNN7EXAMPLE', aws_secret_access_key='poolhouse').list_user_pools(MaxResults=1)
    with refused(ClientError, 'InvalidSignatureException'):
        client(aws_access_key_id='POOLHOUSE', aws_secret_access_key='another').list_user_pools(MaxResults=1)


@step
def reads_one_region_at_a_time():
    west = client(region_name='eu-west-1')
    pool = west.create_user_pool(PoolName='west')['UserPool']
    assert pool['Id'].startswith('eu-west-1_') and ':eu-west-1:' in pool['Arn'], pool
    same([pool['Name'] for pool in west.list_user_pools(MaxResults=10)['UserPools']], ['west'])
    west.delete_user_pool(UserPoolId=pool['Id'])


@step
def cleans_up():
    for page in idp.get_paginator('list_user_pools').paginate(PaginationConfig={'PageSize': 60}):
        for pool in page['UserPools']:
            if pool['Name'] == 'boto3':
                idp.delete_user_pool_domain(UserPoolId=pool['Id'], Domain='boto3')
            idp.delete_user_pool(UserPoolId=pool['Id'])
    same(idp.list_user_pools(MaxResults=10)['UserPools'], [])


journey()
