// A single-page application with oidc-client-ts. `SETTINGS` is what the journey writes in front of it.
import { UserManager } from 'oidc-client-ts'

const here = `${location.origin}/`
const manager = new UserManager({
  authority: SETTINGS.issuer,
  client_id: SETTINGS.clientId,
  redirect_uri: here,
  scope: 'openid email profile',
  loadUserInfo: true,
  revokeTokensOnSignout: true,
  // Access tokens cannot be revoked there.
  revokeTokenTypes: ['refresh_token'],
  automaticSilentRenew: false,
})

const show = (name, value) => {
  document.getElementById(name).textContent = typeof value === 'string' ? value : JSON.stringify(value)
}
const press = (name, doing) => {
  document.getElementById(name).onclick = () => doing().catch((error) => show('error', `${error.name}: ${error.message}`))
}

press('sign-in', () => manager.signinRedirect({ state: { from: 'the shop' } }))
press('refresh', async () => {
  const before = (await manager.getUser()).access_token
  const user = await manager.signinSilent()
  show('refreshed', user.access_token === before ? 'the same' : 'another')
})
press('sign-out', async () => {
  // Cognito has a name of its own for the address to come back to.
  const extra = { client_id: SETTINGS.clientId, logout_uri: here }
  await manager.signoutRedirect({ post_logout_redirect_uri: here, extraQueryParams: extra })
})

const come = async () => {
  if (new URLSearchParams(location.search).has('code')) {
    const { state } = await manager.signinCallback()
    show('state', state)
    history.replaceState({}, '', '/')
  }
  const user = await manager.getUser()
  show('user', user === null ? 'nobody' : user.profile)
}
come().catch((error) => show('error', `${error.name}: ${error.message}`))
