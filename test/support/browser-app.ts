import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Test } from 'tap'

/** An application of the browser, from its source under test/support/apps, served at an address of its own. */
export async function serveApp(t: Test) {
  const served = { script: '' }
  const parts = ['user', 'state', 'refreshed', 'error'].map(
    (name) => `<p>${name}: <output id="${name}" data-testid="${name}"></output></p>`,
  )
  const buttons = ['sign-in', 'refresh', 'sign-out'].map((name) => `<button id="${name}" data-testid="${name}">${name}</button>`)
  const page = () => `<!doctype html><title>app</title>${parts.join('')}${buttons.join(' ')}<script type="module">${served.script}</script>`
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(page()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.closeAllConnections())
  t.teardown(() => server.close())
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const load = async (name: string, settings: object) => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL(`apps/${name}.js`, import.meta.url))],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      write: false,
      define: { SETTINGS: JSON.stringify(settings), global: 'globalThis' },
      logLevel: 'error',
    })
    served.script = outputFiles[0]?.text.replaceAll('</script', '<\\/script') ?? ''
  }
  return { origin, load }
}
