export type ImageKind = 'ICO' | 'JPEG' | 'PNG' | 'SVG' | 'WEBP'

export const MEDIA_TYPES: Readonly<Record<ImageKind, string>> = {
  PNG: 'image/png',
  JPEG: 'image/jpeg',
  ICO: 'image/x-icon',
  SVG: 'image/svg+xml',
  WEBP: 'image/webp',
}

/** The bytes that base64 text stands for, undefined if it is none. */
export function bytesOf(base64: string): Buffer | undefined {
  const bytes = Buffer.from(base64, 'base64')
  const text = bytes.toString('base64')
  return text === base64 || unpadded(text) === unpadded(base64) ? bytes : undefined
}

/** Not by a pattern, which would begin again at each `=`. */
function unpadded(base64: string): string {
  let end = base64.length
  while (end > 0 && base64[end - 1] === '=') end--
  return base64.slice(0, end)
}

/** What an image is by its first bytes, whatever it is called. */
export function imageKind(bytes: Buffer): ImageKind | undefined {
  if (bytes.subarray(0, 8).equals(PNG)) return 'PNG'
  if (bytes.subarray(0, 3).equals(JPEG)) return 'JPEG'
  if (bytes.subarray(0, 4).equals(ICO)) return 'ICO'
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'WEBP'
  return SVG.test(bytes.toString('utf8')) ? 'SVG' : undefined
}

/** What stands before the element, each in one way only: a comment holds no end of one. */
const SVG = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]/
const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
const JPEG = Buffer.from('ffd8ff', 'hex')
const ICO = Buffer.from('00000100', 'hex')
