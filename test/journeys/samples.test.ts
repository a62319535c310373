import { spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Test, test } from 'tap'
import { audit, inChromium, keepPicture, openChromium } from '../support/chromium.ts'
import { folder } from '../support/server.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Below those that systems give to whoever asks for any, so that nobody is given it before the sample takes it. */
async function freePort(port = 20_000 + (process.pid % 10_000)): Promise<number> {
  const server = createServer()
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, () => resolve(true))
  })
  if (!free) return freePort(port + 1)
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** `npm start` in a sample's folder, with the program of this repository in the place of the installed one. Answers where it runs. */
async function startSample(t: Test, name: string): Promise<string> {
  const bin = folder(t)
  const program = join(bin, 'poolhouse')
  const flags = process.execArgv.map((flag) => `'${flag}'`).join(' ')
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' ${flags} '${main}' "$@"\n`)
  chmodSync(program, 0o755)
  const port = await freePort()
  const child = spawn('npm', ['start'], {
    cwd: fileURLToPath(new URL(`../../fixtures/examples/${name}`, import.meta.url)),
    env: { ...process.env, PORT: String(port), PATH: `${bin}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let text = ''
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  t.teardown(async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    await ended
  })
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('Open http')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    void ended.then((code) => reject(new Error(`ended with ${code}:\n${text}`)))
  })
  return `http://localhost:${port}/`
}

test('the sample single-page app', inChromium, async (t) => {
  const home = await startSample(t, 'spa')
  const { open } = await openChromium(t)
  const page = await (await open({ viewport: { width: 900, height: 700 } })).newPage()
  await page.goto(home)
  await page.getByText('You are not signed in.').waitFor()
  await audit(t, page, 'the app')
  await page.getByText('Sign in', { exact: true }).click()
  await page.getByTestId('username').fill('alice')
  await page.getByTestId('password').fill('Demo-Passw0rd')
  await page.getByTestId('submit-login').click()
  await page.getByText('Hello Alice').waitFor()
  await keepPicture(page, 'sample-spa')
  t.equal(page.url(), home)
  await page.getByText('Refresh the tokens').click()
  await page.getByText('Hello Alice').waitFor()
  await page.getByText('Sign out').click()
  await page.getByText('You are not signed in.').waitFor()
  t.equal(page.url(), home)
})

test('the sample server app', inChromium, async (t) => {
  const home = await startSample(t, 'server-app')
  const { open } = await openChromium(t)
  const page = await (await open({ javaScriptEnabled: false })).newPage()
  await page.goto(home)
  await page.getByText('Sign in').click()
  await page.getByTestId('username').fill('alice')
  await page.getByTestId('password').fill('Demo-Passw0rd')
  await page.getByTestId('submit-login').click()
  await page.getByText('Hello Alice (alice@example.com)').waitFor()
  t.equal(page.url(), home)
  await page.getByText('Sign out').click()
  await page.getByText('You are not signed in.').waitFor()

  const replayed = await fetch(`${home}callback?code=00000000-0000-4000-8000-000000000000&state=nobody-asked`)
  t.equal(replayed.status, 400, 'an answer that nobody asked for')
})
