// An application with Amplify. `SETTINGS` is what the journey writes in front of it.
import { fetchAuthSession, fetchUserAttributes, getCurrentUser, signInWithRedirect, signOut } from '@aws-amplify/auth'
import { cognitoUserPoolsTokenProvider } from '@aws-amplify/auth/cognito'
import '@aws-amplify/auth/enable-oauth-listener'
import { Amplify, defaultStorage, Hub } from '@aws-amplify/core'

const here = `${location.origin}/`
const Auth = {
  Cognito: {
    userPoolId: SETTINGS.pool,
    userPoolClientId: SETTINGS.clientId,
    userPoolEndpoint: SETTINGS.url,
    loginWith: {
      oauth: {
        domain: SETTINGS.domain,
        scopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
        redirectSignIn: [here],
        redirectSignOut: [here],
        responseType: 'code',
      },
    },
  },
}

const show = (name, value) => {
  document.getElementById(name).textContent = typeof value === 'string' ? value : JSON.stringify(value)
}
const press = (name, doing) => {
  document.getElementById(name).onclick = () => doing().catch((error) => show('error', `${error.name}: ${error.message}`))
}

const come = async () => {
  try {
    const { username } = await getCurrentUser()
    const { email } = await fetchUserAttributes()
    show('user', { username, email })
  } catch {
    show('user', 'nobody')
  }
}
Hub.listen('auth', ({ payload }) => {
  if (payload.event === 'customOAuthState') show('state', payload.data)
  if (payload.event === 'signInWithRedirect') come()
  if (payload.event === 'signInWithRedirect_failure') show('error', String(payload.data?.error?.message))
})

// What the umbrella package does for a browser.
cognitoUserPoolsTokenProvider.setAuthConfig(Auth)
cognitoUserPoolsTokenProvider.setKeyValueStorage(defaultStorage)
Amplify.configure({ Auth }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } })

press('sign-in', () => signInWithRedirect({ customState: 'the shop', provider: SETTINGS.provider }))
press('refresh', async () => {
  const before = (await fetchAuthSession()).tokens.accessToken.toString()
  const { tokens } = await fetchAuthSession({ forceRefresh: true })
  show('refreshed', tokens.accessToken.toString() === before ? 'the same' : 'another')
})
press('sign-out', () => signOut({ global: false }))
if (!new URLSearchParams(location.search).has('code')) come()
