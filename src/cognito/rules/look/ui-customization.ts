import type { CognitoCall } from '../../call.ts'
import type { UICustomizationType } from '../../contract/types.ts'
import { domains, type Pool, type UiCustomization } from '../../records.ts'
import { bytesOf, imageKind } from './images.ts'

/** What stands for all clients that have no customization of their own. */
export const ALL = 'ALL'

export function requireAnyDomain(call: CognitoCall, pool: Pool): void {
  if (domains.count(call, pool.Id) === 0) {
    call.fail('InvalidParameterException', 'There has to be an existing domain associated with this user pool.')
  }
}

/** The client must be one of the pool's, unless all are meant. */
export function customized(call: CognitoCall, pool: Pool, id: string = ALL): string {
  return id === ALL ? ALL : call.client(pool, id).ClientId
}

/** As answers show it, its logo at our own address in the place of the service's. */
export function uiView(call: CognitoCall, { Image, ...customization }: UiCustomization): UICustomizationType {
  const { UserPoolId, ClientId = ALL, CSSVersion } = customization
  const ImageUrl = Image && `${call.origin.base}/cognito/ui/${UserPoolId}/${ClientId}/${CSSVersion}/assets/images/image.jpg`
  return { ...customization, ImageUrl }
}

/** The classes of the hosted UI that a style sheet may speak of, as in the CLI's example of set-ui-customization. */
const CLASSES = new Set(
  [
    'logo',
    'banner',
    'label',
    'textDescription',
    'idpDescription',
    'legalText',
    'submitButton',
    'errorMessage',
    'inputField',
    'idpButton',
    'socialButton',
    'redirect',
    'passwordCheck-notValid',
    'passwordCheck-valid',
    'background',
  ].map((name) => `.${name}-customizable`),
)

export function checkCss(call: CognitoCall, css: string | undefined): void {
  if (css === undefined) return
  const bare = css.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, '')
  const pieces = bare.split('}')
  const rest = pieces.pop() ?? ''
  for (const piece of pieces) {
    const [selectors = '', ...rules] = piece.split('{')
    if (rules.length !== 1) call.fail('InvalidParameterException', UNREADABLE_CSS)
    for (const selector of selectors.split(',')) {
      const name = selector.trim().replace(/:(?:hover|focus|active|disabled)$/, '')
      if (!CLASSES.has(name)) call.fail('InvalidParameterException', wrongSelector(selector.trim()))
    }
  }
  if (rest.trim() !== '') call.fail('InvalidParameterException', UNREADABLE_CSS)
}

/** badmintoncryer/cdk-preflight, deployed in September 2026. */
const wrongSelector = (selector: string) => `The CSS class ${selector} is not in the list of allowed classes.`
/** (?) That it is refused is documented, the sentence is not known. */
const UNREADABLE_CSS = 'CSS could not be parsed'

const MOST_BYTES = 131_072

/** A logo is a PNG or JPEG image. */
export function checkLogo(call: CognitoCall, image: string | undefined): void {
  if (image === undefined) return
  const bytes = bytesOf(image)
  const kind = bytes === undefined ? undefined : imageKind(bytes)
  if (bytes === undefined || (kind !== 'PNG' && kind !== 'JPEG')) call.fail('InvalidParameterException', WRONG_IMAGE)
  if (bytes.length > MOST_BYTES) {
    const rule = `Member must have length less than or equal to ${MOST_BYTES}`
    call.fail('InvalidParameterException', `1 validation error detected: Value at 'imageFile' failed to satisfy constraint: ${rule}`)
  }
}

/** (?) */
const WRONG_IMAGE = 'Image file must be a PNG or JPEG image'
