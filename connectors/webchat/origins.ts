/** Which web sites may talk to the chat. The browser says who asks in `Origin`; a page cannot forge it. */

/** The hub's own hosts (as asked for, and as known outside) may always; others by list; "*" permits all, also no origin. */
export function allowsOrigin(
  origin: string | undefined,
  allowed: readonly string[],
  own: readonly (string | undefined)[],
): boolean {
  if (allowed.includes('*')) return true
  const host = hostOf(origin)
  if (host === undefined) return false
  return own.includes(host) || allowed.some((entry) => entry.toLowerCase() === origin?.toLowerCase())
}

/** Host and port; undefined for "null", for nonsense, and for anything but http(s). */
export function hostOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { protocol, host } = new URL(url)
  return protocol === 'http:' || protocol === 'https:' ? host : undefined
}
