// What a page with passkeys runs in the browser: forms that are sent with what an authenticator made or signed.
;(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')

  const decoded = ({ challenge, user, excludeCredentials = [], allowCredentials = [], ...options }) => {
    const known = (list) => list.map((credential) => ({ ...credential, id: bytes(credential.id) }))
    return {
      ...options,
      challenge: bytes(challenge),
      ...(user === undefined ? {} : { user: { ...user, id: bytes(user.id) } }),
      excludeCredentials: known(excludeCredentials),
      allowCredentials: known(allowCredentials),
    }
  }

  const encoded = (credential) => {
    const { response } = credential
    const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']
    const said = parts.filter((part) => response[part]).map((part) => [part, text(response[part])])
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: { ...Object.fromEntries(said), transports: response.getTransports?.() },
    }
  }

  for (const input of document.querySelectorAll('input[data-passkey]')) {
    const { form } = input
    const button = form.querySelector('button')
    const problem = form.querySelector('[role=alert]')
    form.querySelector('.hint').hidden = true
    const tell = (message) => {
      problem.textContent = message
      problem.hidden = false
    }
    if (window.PublicKeyCredential === undefined) {
      tell(input.dataset.unsupported)
      continue
    }
    button.hidden = false
    form.addEventListener('submit', async (event) => {
      if (input.value !== '') return
      event.preventDefault()
      problem.hidden = true
      button.disabled = true
      try {
        const publicKey = decoded(JSON.parse(input.dataset.options))
        input.value = JSON.stringify(encoded(await navigator.credentials[input.dataset.passkey]({ publicKey })))
        form.submit()
      } catch (error) {
        button.disabled = false
        tell(`${input.dataset.failed} (${error.name})`)
      }
    })
  }
})()
