import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { without } from './tools.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** For tests that need a browser. */
export const inChromium = { skip: without(existsSync(CHROMIUM), CHROMIUM, 'chromium') }

/** Where pictures of the pages are kept. */
export const PICTURES = process.env.POOLHOUSE_PICTURES ?? fileURLToPath(new URL('../../artefacts/screenshots', import.meta.url))

const PHONE = { width: 360, height: 740 }
const DESKTOP = { width: 1280, height: 800 }

/** A browser of its own, closed with the test. Its windows are as wide as a small phone. */
export async function openChromium(t: Test): Promise<{ browser: Browser; open(options?: BrowserContextOptions): Promise<BrowserContext> }> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] })
  t.teardown(() => browser.close())
  return { browser, open: (options = {}) => browser.newContext({ viewport: PHONE, locale: 'en-US', ...options }) }
}

/** An authenticator inside the browser, with a finger always on it. */
export async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const options = { hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  await session.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', ...options } })
}

/** The application that people sign in for: all that matters is that the browser was led there. */
export async function application(t: Test): Promise<string> {
  const server = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<title>app</title>the application'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.closeAllConnections())
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`
}

/** A click can be over before the browser has begun to leave for the page it leads to: what comes next would ask the page before. */
export async function arrive(page: Page, id: string): Promise<void> {
  await page.locator(`body[data-testid="page-${id}"]`).waitFor()
  await page.waitForLoadState()
}

/** Clicks on what leads from a page to another of the same name, and waits for that. */
export async function follow(page: Page, id: string): Promise<void> {
  await Promise.all([page.waitForEvent('framenavigated'), page.getByTestId(id).click()])
  await page.waitForLoadState()
}

/** The page fits a phone, whoever cannot see it is told all of it, and its pictures are kept. `as` names them where the page's id does not. */
export async function look(t: Test, page: Page, id: string, as = id): Promise<void> {
  await arrive(page, id)
  await keepPicture(page, `${as}-phone`)
  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  t.equal(width, PHONE.width, `${as} fits ${PHONE.width} pixels`)
  await audit(t, page, as)
  await walk(t, page, as)
  await page.setViewportSize(DESKTOP)
  await keepPicture(page, `${as}-desktop`)
  await page.setViewportSize(PHONE)
}

/** The names of all that can be clicked or filled in; of a choice only what is chosen, which arrow keys change. */
const REACHABLE = `[...document.querySelectorAll('a[href], button, input:not([type=hidden]), summary')]
  .filter((element) => element.checkVisibility() && !(element.type === 'radio' && !element.checked))
  .map((element, index) => (element.walked = \`\${index} \${element.dataset.testid ?? element.tagName}\`))`

/** Everything on the page is reached by the Tab key, and one sees where one is. */
async function walk(t: Test, page: Page, name: string): Promise<void> {
  const expected = await page.evaluate<string[]>(REACHABLE)
  await page.evaluate('document.activeElement.blur()')
  const reached = new Set<string>()
  // One more than there are: between the last and the first the browser's own window has its turn. A date is walked by its parts, which the browser marks.
  const parts = 3 * (await page.locator('input[type=date]').count())
  for (let press = 0; press <= expected.length + parts; press++) {
    await page.keyboard.press('Tab')
    const [found, outline] = await page.evaluate<[string | undefined, string]>(
      `[document.activeElement.walked, document.activeElement.type === 'date' || getComputedStyle(document.activeElement).outlineStyle]`,
    )
    if (found !== undefined) reached.add(outline === 'none' ? `${found} unseen` : found)
  }
  t.strictSame([...reached].sort(), [...expected].sort(), `${name} is walked by keyboard`)
}

/** All rules of axe-core, those of best practice included. */
export async function audit(t: Test, page: Page, name: string): Promise<void> {
  const { violations } = await page.evaluate<axe.AxeResults>(`${axe.source}; axe.run()`)
  t.strictSame(
    violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)]),
    [],
    `${name} is accessible`,
  )
}

export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true })
}
