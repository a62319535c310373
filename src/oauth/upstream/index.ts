/**
 * Signing in through other identity providers, for a vendor whose realm relies on some: who set out and who comes back, the exchange of
 * codes, the verification of what a provider says. Where providers are, whom they mean and what is made of it, is the vendor's.
 */
export { type Exchanged, exchangeAnswers, exchanged, type Forgery } from './exchange.ts'
export { askedAgain, comeBack, heardByClient, type Journey, type SetOut, setOut } from './journeys.ts'
export { type Inside, reachFrom } from './reach.ts'
export { authnRequest, type Expected, isSignedOut, type Judged, judged, logoutRequest, type SamlFault, samlAnswers } from './saml.ts'
