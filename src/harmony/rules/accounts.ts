/** (?) The provider of accounts that have their password here: what stands before the bar of an Auth0 user id. */
export const ACCOUNT_PROVIDER = 'auth0'
