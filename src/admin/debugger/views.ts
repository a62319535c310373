import { authorizeUrl, curlOf, type DebugClient, type Debuggable, decode, type Flow, type Hop, type Sent } from './flow.ts'
import { html, type Markup } from './page.ts'

/** What each parameter of an authorization request is for. */
const PARAMETERS: Readonly<Record<string, string>> = {
  response_type: 'an authorization code is wanted',
  client_id: 'which client asks',
  redirect_uri: 'where the answer goes: to the letter one of the client’s own',
  scope: 'what the tokens are to be good for',
  state: 'comes back unchanged, so that the client knows its own request',
  code_challenge: 'the SHA-256 of the verifier, which only this client knows (PKCE)',
  code_challenge_method: 'how the challenge was made',
  nonce: 'comes back inside the ID token, so that it cannot be one of another request',
  prompt: 'whether a person is asked, whoever is signed in',
  login_hint: 'who is expected',
  acr_values: 'how strongly they are to prove who they are',
  max_age: 'for how many seconds an earlier proof is taken',
  ui_locales: 'the languages of the pages',
  lang: 'the language of the pages',
  resource: 'for whom the access token is meant',
  identity_provider: 'who is to sign the person in, by name',
  idp_identifier: 'who is to sign the person in, by an identifier',
}

/** The clients of all vendors in this namespace. */
export function listOf(base: string, vendors: readonly { vendor: string; label: string; clients: readonly DebugClient[] }[]): Markup {
  return html`<p>Walks an authorization code flow with PKCE, hop by hop, with any client of this namespace. What the debugger sends goes through the same doors as an application’s.</p>
${vendors.map(
  ({ vendor, label, clients }) => html`<section><h2>${label}</h2>
${
  clients.length === 0
    ? html`<p>There are no clients.</p>`
    : html`<table><thead><tr><th scope="col">Client</th><th scope="col">Id</th></tr></thead><tbody>
${clients.map(
  ({ id, name }) =>
    html`<tr><td><a href="${base}/_/debugger/client?${new URLSearchParams({ vendor, client: id }).toString()}" data-testid="client-${id}">${name}</a></td><td><code>${id}</code></td></tr>`,
)}
</tbody></table>`
}</section>`,
)}`
}

/** A client before its flow begins. */
export function clientOf(base: string, vendor: string, client: DebugClient, uri: string, missing: Sent | undefined): Markup {
  const hidden = html`<input type="hidden" name="vendor" value="${vendor}"><input type="hidden" name="client" value="${client.id}">`
  const scope = client.scopes.length === 0 ? 'openid' : client.scopes.join(' ')
  return html`${client.problems.map((problem) => html`<p class="warn" data-testid="problem">${problem}</p>`)}
${
  missing === undefined
    ? undefined
    : html`<section><h2>The redirect URI is missing</h2>
<p class="warn" data-testid="missing-redirect">The answer is to come to <code>${uri}</code>, which is not one of the client’s redirect URIs${client.redirects.length === 0 ? '' : `: ${client.redirects.join(', ')}`}. This call adds it:</p>
<pre data-testid="add-redirect">${curlOf(missing)}</pre>
<form method="post" action="${base}/_/debugger/redirect" data-testid="form-redirect">${hidden}<button type="submit" data-testid="submit-redirect">Make this call</button></form></section>`
}
<section><h2>The request</h2>
<form method="post" action="${base}/_/debugger/begin" data-testid="form-begin">${hidden}
<label for="scope">Scopes</label><input id="scope" name="scope" value="${scope}" data-testid="scope">
<label for="prompt">Prompt (none, login, select_account, consent, or empty)</label><input id="prompt" name="prompt" data-testid="prompt">
<label for="login_hint">Who is expected (empty for nobody)</label><input id="login_hint" name="login_hint" data-testid="login_hint">
<label for="more">Other parameters, such as acr_values or max_age: name=value, one a line</label><textarea id="more" name="more" rows="2" data-testid="more"></textarea>
<button type="submit" data-testid="submit-begin">Begin</button></form></section>`
}

/** A flow as far as it has come, and what can come next. */
export function flowOf(base: string, flow: Flow, vendor: Debuggable, inspected: Readonly<Record<string, readonly string[]>>): Markup {
  const url = authorizeUrl(flow)
  const { back, client, endpoints } = flow
  const at = `${base}/_/debugger/flow/${flow.state}`
  return html`<section><h2>1. The authorization request</h2>
<p>${client.name}, issuer <code>${endpoints.issuer}</code>. Endpoints are told at <a href="${endpoints.configuration}" data-testid="configuration">${endpoints.configuration}</a>.</p>
<p>The browser is sent to this address:</p>
<pre data-testid="authorize-url">${url}</pre>
<table><thead><tr><th scope="col">Parameter</th><th scope="col">Value</th><th scope="col">For</th></tr></thead><tbody>
${flow.asked.map(([name, value]) => html`<tr><td><code>${name}</code></td><td><code>${value}</code></td><td>${PARAMETERS[name] ?? ''}</td></tr>`)}
<tr><td>code_verifier</td><td><code>${flow.verifier}</code></td><td>stays with the client until the code is exchanged</td></tr>
</tbody></table>
<pre>${curlOf({ method: 'GET', url, headers: {} })}</pre>
<a class="go" href="${url}" data-testid="go">Sign in</a></section>
${back === undefined ? undefined : backOf(flow, at)}
${flow.hops.map((hop, index) => hopOf(hop, index + 3, inspected))}
${back === undefined || flow.tokens.access_token === undefined ? undefined : nextOf(flow, vendor, at)}`
}

function backOf({ back = {}, asked, tokens, client, secret }: Flow, at: string): Markup {
  const state = asked.find(([name]) => name === 'state')?.[1]
  return html`<section><h2>2. The answer at the redirect URI</h2>
<table><thead><tr><th scope="col">Parameter</th><th scope="col">Value</th></tr></thead><tbody>
${Object.entries(back).map(([name, value]) => html`<tr><td><code>${name}</code></td><td><code data-testid="back-${name}">${value}</code></td></tr>`)}
</tbody></table>
${
  back.code === undefined
    ? html`<p class="warn" data-testid="refused">The request was refused: ${back.error ?? 'without a code or an error'}.</p>`
    : html`<p class="good">The state ${back.state === state ? 'is the one that was sent' : 'is not the one that was sent'}; the code is good once, and for a short time.</p>`
}
${
  back.code === undefined || tokens.access_token !== undefined
    ? undefined
    : html`<form method="post" action="${at}/token" data-testid="form-token">
${
  client.confidential && (secret ?? client.secret) === undefined
    ? html`<label for="secret">Client secret (kept in memory for this walk)</label><input id="secret" name="secret" type="password" autocomplete="off" data-testid="secret">`
    : undefined
}
<button type="submit" data-testid="submit-token">Exchange the code</button></form>`
}</section>`
}

function hopOf(hop: Hop, number: number, inspected: Readonly<Record<string, readonly string[]>>): Markup {
  const { id, title, sent, status, answer, tokens } = hop
  return html`<section data-testid="hop-${id}"><h2>${number}. ${title}</h2>
<p><code>${sent.method} ${sent.url}</code></p>
<pre>${curlOf(sent)}</pre>
<p class="${status < 400 ? 'good' : 'warn'}">Answered with ${status}.</p>
<pre data-testid="answer-${id}">${answer}</pre>
${tokens.map(({ name, value }) => {
  const parts = decode(value)
  const problems = inspected[value]
  return html`<h3>${name}</h3>
${parts === undefined ? html`<p>It is opaque: only who issued it can read it.</p>` : html`<pre data-testid="decoded-${name}">${JSON.stringify(parts, undefined, 2)}</pre>`}
${problems === undefined ? undefined : problems.length === 0 ? html`<p class="good">It is good.</p>` : html`<p class="warn">${problems.join(' ')}</p>`}`
})}</section>`
}

function nextOf({ tokens, client, endpoints }: Flow, vendor: Debuggable, at: string): Markup {
  const { why, url } = vendor.signOut(client, endpoints)
  const step = (name: string, text: string) =>
    html`<form method="post" action="${at}/${name}" data-testid="form-${name}"><button type="submit" data-testid="submit-${name}">${text}</button></form>`
  return html`<section><h2>What can come next</h2>
${step('userinfo', 'Ask who it is (userinfo)')}
${tokens.refresh_token === undefined ? undefined : step('refresh', 'Refresh the tokens')}
${tokens.refresh_token === undefined ? undefined : step('revoke', 'Revoke the refresh token')}
<h3>Signing out</h3><p data-testid="sign-out">${why}</p>
${url === undefined ? undefined : html`<pre>${curlOf({ method: 'GET', url, headers: {} })}</pre><a class="go" href="${url}" data-testid="logout">Sign out</a>`}</section>`
}
