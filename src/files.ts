/** Files that people attach: recognised by their content, and given out so that they can do no harm. Pure. */
import { HubError } from './errors.ts'

export const fileTypes = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
] as const
export type FileType = (typeof fileTypes)[number]

/** Why a file was not taken; browsers learn the status, which says more than the code. */
export class FileRefused extends HubError {
  readonly status: 413 | 415

  constructor(status: 413 | 415, message: string) {
    super('invalid', message)
    this.status = status
  }
}

export const tooLarge = (maxBytes: number) =>
  new FileRefused(413, `The file is too large; at most ${inWords(maxBytes)} are permitted`)

/** Type and safe name of a file. The content decides; a name that claims another family of types is refused. */
export function recognise(givenName: string, content: Buffer, permitted: readonly FileType[]) {
  if (content.length === 0) throw new HubError('invalid', 'The file is empty')
  const mime = sniff(content)
  if (mime === undefined || !permitted.includes(mime))
    throw new FileRefused(415, `This type of file is not permitted; right is ${permitted.map(label).join(', ')}`)
  const { stem, ending } = splitName(givenName)
  const claimed = Object.entries(endings).find(([, list]) => list.includes(ending))?.[0]
  if (ending !== '' && family(claimed) !== family(mime))
    throw new FileRefused(415, `The name ends in ".${ending}", but the content is ${label(mime)}`)
  return { mime, name: `${stem}.${claimed === mime ? ending : endings[mime][0]}` }
}

/** The type by the first bytes; undefined for what we do not know. */
export function sniff(content: Buffer): FileType | undefined {
  const head = content.toString('latin1', 0, 12)
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif'
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'image/webp'
  if (head.startsWith('%PDF-')) return 'application/pdf'
  return isPlainText(content) ? 'text/plain' : undefined
}

/** Headers under which a foreign file can do no harm: never run, never guessed to be another type. */
export function safeHeaders(name: string, mime: string): Record<string, string> {
  const how = mime.startsWith('image/') ? 'inline' : 'attachment'
  return {
    'content-type': mime === 'text/plain' ? 'text/plain; charset=utf-8' : mime,
    'content-disposition': `${how}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, percent)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, max-age=86400, immutable',
  }
}

const endings: Record<FileType, readonly string[]> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg', 'jfif'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'text', 'log', 'md', 'csv'],
}

const label = (mime: FileType): string => endings[mime][0]!.toUpperCase()

/** Phones name pictures freely (a WebP called .jpg); that is repaired. Across families it is a lie. */
const family = (mime: string | undefined): string | undefined => (mime?.startsWith('image/') ? 'image' : mime)

function splitName(given: string): { stem: string; ending: string } {
  const name = visible(given.split(/[/\\]/).pop() ?? '').trim()
  const dot = name.lastIndexOf('.')
  const stem = (dot > 0 ? name.slice(0, dot) : name).slice(0, 120).toWellFormed().trim()
  return { stem: stem || 'file', ending: dot > 0 ? name.slice(dot + 1).toLowerCase() : '' }
}

/** Neither what cannot be stored or printed, nor signs that turn the letters behind them around: `gnp.exe` must not read as `exe.png`. */
const visible = (name: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  name.toWellFormed().replace(/[\u0000-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')

function isPlainText(content: Buffer): boolean {
  try {
    const words = new TextDecoder('utf-8', { fatal: true }).decode(content)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their presence means: no text
    return !/[\u0000-\u0008\u000e-\u001f]/.test(words)
  } catch {
    return false
  }
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

/** As people say it, rounded down: what is permitted. */
export const inWords = (bytes: number): string =>
  bytes >= 1_048_576 ? `${Math.floor(bytes / 104_857.6) / 10} MB` : `${Math.floor(bytes / 1024)} KB`
