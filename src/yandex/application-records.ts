import { collection } from '../core/records.ts'
import type {
  OAuthClient,
  OAuthClientSecret,
  OauthApplication,
  SamlApplication,
  SignatureCertificate,
  SynchronizationSession,
  SynchronizationSettings,
} from './contract/types.ts'
import type { Known } from './records.ts'

export type StoredClient = Known<OAuthClient, 'id' | 'name' | 'folderId' | 'status' | 'profileId'>
/** What is kept of a secret: enough to know it again. */
export type StoredSecret = Known<OAuthClientSecret, 'id' | 'oauthClientId' | 'createdAt'> & { hash: string }
export type StoredOauth = Known<OauthApplication, 'id' | 'organizationId' | 'name' | 'status' | 'createdAt' | 'updatedAt'>
export type StoredSaml = Known<
  SamlApplication,
  'id' | 'organizationId' | 'name' | 'status' | 'createdAt' | 'updatedAt' | 'securitySettings' | 'attributeMapping'
>
export type StoredCertificate = Known<SignatureCertificate, 'id' | 'applicationId' | 'createdAt' | 'data' | 'notAfter' | 'notBefore'>
export type StoredSync = Known<SynchronizationSettings, 'subjectContainerId' | 'createdAt'>
export type StoredSession = Known<SynchronizationSession, 'sessionId' | 'createdAt' | 'expiresAt' | 'status' | 'sessionType'> & {
  subjectContainerId: string
}

/** Under their folder. */
export const oauthClients = collection<StoredClient>('yandex.oauth-client')
/** Under their client. */
export const oauthSecrets = collection<StoredSecret>('yandex.oauth-client-secret')
/** Under their organization. */
export const oauthApplications = collection<StoredOauth>('yandex.oauth-application')
/** Under their organization. */
export const samlApplications = collection<StoredSaml>('yandex.saml-application')
/** Under their application. Its key is made of its id, so no private key is filed. */
export const certificates = collection<StoredCertificate>('yandex.saml-certificate')
/** By the pool. */
export const syncSettings = collection<StoredSync>('yandex.synchronization')
/** Under the pool. */
export const syncSessions = collection<StoredSession>('yandex.synchronization-session')
/** Under the pool, by the type of session. */
export const replicationTokens = collection<{ token: string }>('yandex.replication-token')
