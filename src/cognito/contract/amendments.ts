/** Where the living service differs from its contract: errors that it raises although the operation does not list them. */
export const extraErrors: Readonly<Record<string, readonly string[]>> = {}

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
