import type { Look } from '../../oauth/index.ts'
import type { AssetType } from '../contract/types.ts'
import type { Branding } from '../records.ts'
import { brandingView } from '../rules/look/branding.ts'
import { bytesOf, imageKind, MEDIA_TYPES } from '../rules/look/images.ts'

/** What a managed-login style makes of the pages: what it leaves out is as the service provides it; a picture shows unless it is switched off. */
export function brandedLook(branding: Branding): Pick<Look, 'logo' | 'icon' | 'css' | 'languages'> {
  const { Settings: own, Assets: assets = [] } = branding
  const { Settings: settings } = brandingView(branding, true)
  const scheme = at(settings, 'categories/global/colorSchemeMode')
  const dark = scheme === 'DARK'
  const logos = LOGOS.filter(([, part]) => at(own, `components/${part}/logo/enabled`) !== false)
  const css = [
    block('body', [...colours(settings, dark ? 'darkMode' : 'lightMode'), ...sizes(settings), ...places(settings)]),
    scheme === 'DYNAMIC' ? `@media (prefers-color-scheme:dark){${block('body', colours(settings, 'darkMode'))}}` : '',
    dark ? 'html{color-scheme:dark}' : scheme === 'DYNAMIC' ? 'html{color-scheme:light dark}' : '',
    ...BACKGROUNDS.map(([category, part, selector]) => background(own, picture(assets, [category], dark), part, selector)),
  ]
  return {
    logo: picture(
      assets,
      logos.map(([category]) => category),
      dark,
    ),
    icon: picture(assets, ['FAVICON_SVG', 'FAVICON_ICO'], dark),
    css: css.filter((part) => part !== '').join('\n'),
    languages: at(settings, 'categories/form/languageSelector/enabled') === true,
  }
}

type Category = AssetType['Category']

/** Where a logo may be, the first that there is. */
const LOGOS: readonly (readonly [Category, part: string])[] = [
  ['FORM_LOGO', 'form'],
  ['PAGE_HEADER_LOGO', 'pageHeader'],
]

const BACKGROUNDS: readonly (readonly [Category, part: string, selector: string])[] = [
  ['PAGE_BACKGROUND', 'pageBackground/image', 'body'],
  ['FORM_BACKGROUND', 'form/backgroundImage', 'main'],
]

/** The variables of the pages' style sheet, and where a style says them; `*` is the mode. */
const COLOURS: Readonly<Record<string, string>> = {
  '--page': 'components/pageBackground/*/color',
  '--text': 'components/pageText/*/bodyColor',
  '--heading': 'components/pageText/*/headingColor',
  '--description': 'components/pageText/*/descriptionColor',
  '--form': 'components/form/*/backgroundColor',
  '--border': 'components/form/*/borderColor',
  '--button': 'components/primaryButton/*/defaults/backgroundColor',
  '--button-text': 'components/primaryButton/*/defaults/textColor',
  '--button-hover': 'components/primaryButton/*/hover/backgroundColor',
  '--button-hover-text': 'components/primaryButton/*/hover/textColor',
  '--second': 'components/secondaryButton/*/defaults/backgroundColor',
  '--second-text': 'components/secondaryButton/*/defaults/textColor',
  '--second-border': 'components/secondaryButton/*/defaults/borderColor',
  '--second-hover': 'components/secondaryButton/*/hover/backgroundColor',
  '--second-hover-text': 'components/secondaryButton/*/hover/textColor',
  '--second-hover-border': 'components/secondaryButton/*/hover/borderColor',
  '--bad': 'components/alert/*/error/backgroundColor',
  '--bad-edge': 'components/alert/*/error/borderColor',
  '--good': 'componentClasses/statusIndicator/*/success/backgroundColor',
  '--good-edge': 'componentClasses/statusIndicator/*/success/borderColor',
  '--link': 'componentClasses/link/*/defaults/textColor',
  '--link-hover': 'componentClasses/link/*/hover/textColor',
  '--input': 'componentClasses/input/*/defaults/backgroundColor',
  '--input-border': 'componentClasses/input/*/defaults/borderColor',
  '--label': 'componentClasses/inputLabel/*/textColor',
  '--hint': 'componentClasses/inputDescription/*/textColor',
  '--divider': 'componentClasses/divider/*/borderColor',
  '--focus': 'componentClasses/focusState/*/borderColor',
}

/** What is written on a branded surface, where the style does not say it of the surface itself. */
const WRITTEN: Readonly<Record<string, string>> = {
  '--input-text': 'componentClasses/inputLabel/*/textColor',
  '--good-text': 'components/pageText/*/bodyColor',
  '--bad-text': 'components/pageText/*/bodyColor',
  '--foot': 'components/pageText/*/bodyColor',
}

function colours(settings: unknown, mode: 'lightMode' | 'darkMode'): string[] {
  return Object.entries({ ...COLOURS, ...WRITTEN }).flatMap(([name, path]) => {
    const value = at(settings, path.replace('*', mode))
    return typeof value === 'string' && /^[0-9a-f]{6}(?:[0-9a-f]{2})?$/i.test(value) ? [`${name}:#${value}`] : []
  })
}

const SIZES: Readonly<Record<string, string>> = {
  '--radius': 'components/form/borderRadius',
  '--alert': 'components/alert/borderRadius',
  '--control': 'componentClasses/input/borderRadius',
  '--control-button': 'componentClasses/buttons/borderRadius',
}

function sizes(settings: unknown): string[] {
  return Object.entries(SIZES).flatMap(([name, path]) => {
    const value = at(settings, path)
    return typeof value === 'number' ? [`${name}:${value}px`] : []
  })
}

const SIDES: Readonly<Record<string, string>> = { START: 'flex-start', CENTER: 'center', END: 'flex-end' }

function places(settings: unknown): string[] {
  return (
    [
      ['--across', 'horizontal'],
      ['--down', 'vertical'],
    ] as const
  ).flatMap(([name, axis]) => {
    const side = SIDES[String(at(settings, `categories/form/location/${axis}`))]
    return side === undefined ? [] : [`${name}:${side}`]
  })
}

function background(settings: unknown, image: string | undefined, part: string, selector: string): string {
  if (image === undefined || at(settings, `components/${part}/enabled`) === false) return ''
  return `${selector}{background-image:url("${image}")}`
}

function block(selector: string, rules: readonly string[]): string {
  return rules.length === 0 ? '' : `${selector}{${rules.join(';')}}`
}

/** The first of these assets, of this colour mode or of any. */
function picture(assets: readonly AssetType[], categories: readonly Category[], dark: boolean): string | undefined {
  const modes = dark ? ['DARK', 'DYNAMIC', 'LIGHT'] : ['LIGHT', 'DYNAMIC', 'DARK']
  const rank = ({ Category, ColorMode }: AssetType) => categories.indexOf(Category) * modes.length + modes.indexOf(ColorMode)
  const [first] = assets.filter(({ Category }) => categories.includes(Category)).sort((one, other) => rank(one) - rank(other))
  return dataUrl(first?.Bytes)
}

/** An image as a document holds it, if it is one. */
export function dataUrl(base64: unknown): string | undefined {
  const bytes = typeof base64 === 'string' ? bytesOf(base64) : undefined
  const kind = bytes === undefined ? undefined : imageKind(bytes)
  return bytes === undefined || kind === undefined ? undefined : `data:${MEDIA_TYPES[kind]};base64,${bytes.toString('base64')}`
}

function at(value: unknown, path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>((part, key) => (typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[key] : undefined), value)
}
