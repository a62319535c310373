import { readFileSync } from 'node:fs'
import type { CognitoCall } from '../../call.ts'
import type { AssetType } from '../../contract/types.ts'
import { type Branding, brandings, type Client, type Pool } from '../../records.ts'
import { bytesOf, imageKind } from './images.ts'

type Settings = Record<string, unknown>

interface Style {
  UseCognitoProvidedValues?: boolean | undefined
  Settings?: object | undefined
  Assets?: AssetType[] | undefined
}

export function requireBranding(call: CognitoCall, pool: Pool, id: string): { client: string; branding: Branding } {
  return brandings.get(call, pool.Id, id) ?? call.fail('ResourceNotFoundException', noBranding(id))
}

/** (?) After the sentences for pools and clients. */
function noBranding(id: string): string {
  return `Managed login branding ${id} does not exist.`
}

export function brandingOf(call: CognitoCall, pool: Pool, client: Client): Branding | undefined {
  return brandings.all(call, pool.Id).find((filed) => filed.client === client.ClientId)?.branding
}

export function requireBrandingOf(call: CognitoCall, pool: Pool, client: Client): Branding {
  return brandingOf(call, pool, client) ?? call.fail('ResourceNotFoundException', noBrandingOf(client.ClientId))
}

/** (?) */
function noBrandingOf(client: string): string {
  return `Managed login branding for client ${client} does not exist.`
}

/** A new style is the service's own or has settings, not both and not neither (as Terraform's provider insists). */
export function checkSource(call: CognitoCall, style: Style): void {
  if ((style.UseCognitoProvidedValues === true) === (style.Settings !== undefined)) call.fail('InvalidParameterException', WRONG_SOURCE)
}

/** An update may leave both out. */
export function checkUpdate(call: CognitoCall, style: Style): void {
  if (style.UseCognitoProvidedValues === true && style.Settings !== undefined) call.fail('InvalidParameterException', WRONG_SOURCE)
}

/** badmintoncryer/cdk-preflight, deployed in September 2026, like how a refusal of assets begins. */
const WRONG_SOURCE = 'useCognitoProvidedValues or settings should be specified (but not both)'

const MOST_BYTES = 1_000_000
const KNOWN = new Set(['categories', 'componentClasses', 'components'])

export function checkStyle(call: CognitoCall, { Settings, Assets = [] }: Style): void {
  const unknown = Object.keys(Settings ?? {}).filter((key) => !KNOWN.has(key))
  if (unknown.length > 0) call.fail('InvalidParameterException', unknownSettings(unknown))
  for (const [index, asset] of Assets.entries()) {
    const { Category = '', Extension, Bytes } = asset
    if (Extension === 'ICO' && !Category.startsWith('FAVICON')) call.fail('InvalidParameterException', wrongAsset(asset, NO_ICON))
    if (Bytes === undefined) continue
    const bytes = bytesOf(Bytes)
    if (bytes === undefined || imageKind(bytes) !== Extension) call.fail('InvalidParameterException', wrongAsset(asset, OTHER_KIND))
    if (bytes.length > MOST_BYTES) {
      const where = `assets.${index + 1}.member.bytes`
      const rule = `Member must have length less than or equal to ${MOST_BYTES}`
      call.fail('InvalidParameterException', `1 validation error detected: Value at '${where}' failed to satisfy constraint: ${rule}`)
    }
  }
}

function wrongAsset({ Category, Extension, ColorMode }: AssetType, words: string): string {
  return `Invalid assets provided. Validation errors: [{category: ${Category}, extension: ${Extension}, colorMode: ${ColorMode}, errorMessage: ${words}}]`
}

// (?) What is refused is known (a text sent as an image, a document of another form), these words are not.
const NO_ICON = 'Extension ICO is not supported for this category'
const OTHER_KIND = 'The content does not match the extension'
const unknownSettings = (keys: string[]) => `Invalid settings: unknown keys [${keys.join(', ')}]`

/** Settings given change those there are, key by key; what is not mentioned stays. */
export function merged(settings: Settings, changes: Settings): Settings {
  const result: Settings = { ...settings }
  for (const [key, value] of Object.entries(changes)) {
    const before = result[key]
    result[key] = isObject(before) && isObject(value) ? merged(before, value) : value
  }
  return result
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An asset takes the place of the one of its category and colour mode, else it is added. */
export function withAssets(assets: readonly AssetType[], changes: readonly AssetType[]): AssetType[] {
  const place = ({ Category, ColorMode }: AssetType) => `${Category} ${ColorMode}`
  const byPlace = new Map([...assets, ...changes].map((asset) => [place(asset), asset]))
  return [...byPlace.values()]
}

let defaults: Settings | undefined

/** (?) The service's own values: those of its example for UpdateManagedLoginBranding. */
function providedSettings(): Settings {
  defaults ??= JSON.parse(readFileSync(new URL('../../contract/branding-defaults.json', import.meta.url), 'utf8')) as Settings
  return defaults
}

/** A style as answers show it: only what was customized, or merged with what the service provides. */
export function brandingView(branding: Branding, merge: boolean | undefined): Branding {
  if (merge !== true) return branding
  return { ...branding, Settings: merged(providedSettings(), branding.Settings ?? {}) as Branding['Settings'] }
}
