import type { ProtoContract, ProtoField } from '../../contract/proto.ts'

/** The two services that every gRPC server has (grpc/grpc-proto: health.proto, reflection.proto), as facts like a vendor's. */
export const common: ProtoContract = {
  services: [
    {
      fullName: 'grpc.health.v1.Health',
      methods: [method('Check', 'grpc.health.v1.HealthCheckRequest', 'grpc.health.v1.HealthCheckResponse')],
    },
    ...reflection('grpc.reflection.v1'),
    ...reflection('grpc.reflection.v1alpha'),
  ],
  messages: {
    'grpc.health.v1.HealthCheckRequest': message('grpc/health/v1/health.proto', [field('service', 1, 'string')]),
    'grpc.health.v1.HealthCheckResponse': message('grpc/health/v1/health.proto', [
      field('status', 1, 'grpc.health.v1.HealthCheckResponse.ServingStatus', 'enum'),
    ]),
    ...reflectionMessages('grpc.reflection.v1'),
    ...reflectionMessages('grpc.reflection.v1alpha'),
  },
  enums: {
    'grpc.health.v1.HealthCheckResponse.ServingStatus': { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 },
  },
}

function reflection(home: string): ProtoContract['services'] {
  const info = method('ServerReflectionInfo', `${home}.ServerReflectionRequest`, `${home}.ServerReflectionResponse`)
  return [{ fullName: `${home}.ServerReflection`, methods: [{ ...info, clientStreaming: true, serverStreaming: true }] }]
}

function reflectionMessages(home: string): ProtoContract['messages'] {
  const file = `${home.replaceAll('.', '/')}/reflection.proto`
  const asked = { oneof: 'message_request' }
  const answered = { oneof: 'message_response' }
  const request = [
    field('host', 1, 'string'),
    field('file_by_filename', 3, 'string', 'scalar', asked),
    field('file_containing_symbol', 4, 'string', 'scalar', asked),
    field('file_containing_extension', 5, `${home}.ExtensionRequest`, 'message', asked),
    field('all_extension_numbers_of_type', 6, 'string', 'scalar', asked),
    field('list_services', 7, 'string', 'scalar', asked),
  ]
  const response = [
    field('valid_host', 1, 'string'),
    field('original_request', 2, `${home}.ServerReflectionRequest`, 'message'),
    field('file_descriptor_response', 4, `${home}.FileDescriptorResponse`, 'message', answered),
    field('all_extension_numbers_response', 5, `${home}.ExtensionNumberResponse`, 'message', answered),
    field('list_services_response', 6, `${home}.ListServiceResponse`, 'message', answered),
    field('error_response', 7, `${home}.ErrorResponse`, 'message', answered),
  ]
  const repeated = { repeated: true }
  const all: Record<string, ProtoContract['messages'][string]> = {
    ServerReflectionRequest: { file, fields: request, oneofs: [{ name: 'message_request', exactlyOne: false }] },
    ServerReflectionResponse: { file, fields: response, oneofs: [{ name: 'message_response', exactlyOne: false }] },
    ExtensionRequest: message(file, [field('containing_type', 1, 'string'), field('extension_number', 2, 'int32')]),
    FileDescriptorResponse: message(file, [field('file_descriptor_proto', 1, 'bytes', 'scalar', repeated)]),
    ExtensionNumberResponse: message(file, [
      field('base_type_name', 1, 'string'),
      field('extension_number', 2, 'int32', 'scalar', repeated),
    ]),
    ListServiceResponse: message(file, [field('service', 1, `${home}.ServiceResponse`, 'message', repeated)]),
    ServiceResponse: message(file, [field('name', 1, 'string')]),
    ErrorResponse: message(file, [field('error_code', 1, 'int32'), field('error_message', 2, 'string')]),
  }
  return Object.fromEntries(Object.entries(all).map(([name, known]) => [`${home}.${name}`, known]))
}

function method(name: string, request: string, response: string): ProtoContract['services'][number]['methods'][number] {
  return { name, request, response, clientStreaming: false, serverStreaming: false, http: null, operation: null }
}

function message(file: string, fields: ProtoField[]): ProtoContract['messages'][string] {
  return { file, fields, oneofs: [] }
}

function field(
  name: string,
  number: number,
  type: string,
  kind: ProtoField['kind'] = 'scalar',
  more: Partial<ProtoField> = {},
): ProtoField {
  const jsonName = name.replace(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase())
  const unconstrained = { map: null, oneof: null, required: false, length: null, pattern: null, value: null, size: null, mapKey: null }
  return { name, jsonName, number, type, kind, repeated: false, ...unconstrained, ...more }
}
