import type { Shape } from '../../contract/aws.ts'

/** Shapes that the contract tells wrongly, for requests and answers alike. */
export const amendedShapes: Readonly<Record<string, Shape>> = {
  // A custom domain has dots, which the contract's pattern forbids; the service words what is wrong with a domain itself
  // (`auth.example.com` in the CLI's example of create-user-pool-domain; mineiros-io/terraform-aws-cognito-user-pool#69).
  DomainType: { type: 'string', min: 1, max: 63 },
  // GetClientToken needs a flow that the list does not have yet (API reference of GetClientToken).
  ExplicitAuthFlowsType: {
    type: 'string',
    enum: [
      'ADMIN_NO_SRP_AUTH',
      'CUSTOM_AUTH_FLOW_ONLY',
      'USER_PASSWORD_AUTH',
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_CUSTOM_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
      'ALLOW_USER_AUTH',
      'ALLOW_CLIENT_TOKEN_AUTH',
    ],
  },
  // Resource servers are not listed without a size of pages (aws-cli#5843).
  ListResourceServersRequest: {
    type: 'structure',
    members: {
      UserPoolId: { shape: 'UserPoolIdType' },
      MaxResults: { shape: 'ListResourceServersLimitType' },
      NextToken: { shape: 'PaginationKeyType' },
    },
    required: ['UserPoolId', 'MaxResults'],
  },
  // A document: any JSON, although it is listed as a structure without members.
  Document: { type: 'document' },
}

/** Where answers go beyond what their shapes allow: the limits of requests. */
export const answerShapes: Readonly<Record<string, Shape>> = {
  // A schema lists `phone_number_verified` and names with `custom:`, both longer than a name may be when asked for (cognito-facts 36, 37).
  CustomAttributeNameType: { type: 'string', min: 1 },
  // Sentences, with spaces (cognito-facts 203).
  CompletionMessageType: { type: 'string', min: 1, max: 128 },
  // Empty before the first job, and MaxResults goes up to 60.
  UserImportJobsListType: { type: 'list', member: 'UserImportJobType' },
  // Empty for a prefix domain (the CLI's example of describe-user-pool-domain).
  CustomDomainConfigType: {
    type: 'structure',
    members: { CertificateArn: { shape: 'ArnType' }, SecurityPolicy: { shape: 'SecurityPolicyType' } },
  },
}

/** Where the living service differs from its contract: errors that it raises although the operation does not list them. */
export const extraErrors: Readonly<Record<string, readonly string[]>> = {
  // ForceAliasCreation: "the API throws an AliasExistsException error if the alias already exists" (API reference).
  AdminCreateUser: ['AliasExistsException'],
  // As every operation that an access token opens, once its user is deleted (cognito-behaviour A18).
  GlobalSignOut: ['UserNotFoundException'],
  AssociateSoftwareToken: ['UserNotFoundException'],
  StartWebAuthnRegistration: ['UserNotFoundException'],
  CompleteWebAuthnRegistration: ['UserNotFoundException'],
  DeleteWebAuthnCredential: ['UserNotFoundException'],
  ListWebAuthnCredentials: ['UserNotFoundException'],
  // As every operation of an administrator that names a user.
  AdminGetDevice: ['UserNotFoundException'],
  AdminListDevices: ['UserNotFoundException'],
}

/** Raised by the wire for any operation (cognito-facts 8 to 16). */
export const commonErrors: readonly string[] = [
  'SerializationException',
  'UnknownOperationException',
  'InvalidParameterException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'TooManyRequestsException',
  'NotImplementedException',
]
