import type { Shape } from '../../contract/aws.ts'

/** Where answers go beyond what their shapes allow: the limits of requests. */
export const answerShapes: Readonly<Record<string, Shape>> = {
  // A schema lists `phone_number_verified` and names with `custom:`, both longer than a name may be when asked for (cognito-facts 36, 37).
  CustomAttributeNameType: { type: 'string', min: 1 },
}

/** Where the living service differs from its contract: errors that it raises although the operation does not list them. */
export const extraErrors: Readonly<Record<string, readonly string[]>> = {
  // ForceAliasCreation: "the API throws an AliasExistsException error if the alias already exists" (API reference).
  AdminCreateUser: ['AliasExistsException'],
}

/** Raised by the wire for any operation (cognito-facts 8 to 16). */
export const commonErrors: readonly string[] = [
  'SerializationException',
  'UnknownOperationException',
  'InvalidParameterException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'TooManyRequestsException',
  'NotImplementedException',
]
