/** The little Baton reads by itself: a plain yes to its own question, and an address or number it asked for. */
const yeses = new Set(
  ['yes', 'yes please', 'yeah', 'yep', 'sure', 'ok', 'okay', 'please', 'please do', 'ja', 'ja bitte', 'gerne', 'bitte'].concat(
    ['oui', 'oui merci', 'volontiers', 'd accord', 'sí', 'si', 'sí por favor', 'claro', 'vale', 'sim', 'sim por favor'],
  ),
)

export function isYes(said: string): boolean {
  const words = said
    .slice(0, 40)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  return yeses.has(words)
}

export function readContact(said: string): { email?: string; phone?: string } | undefined {
  for (const word of said.slice(0, 500).split(/[\s,;<>()]+/)) {
    if (/^[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,4}$/.test(word)) return { email: word.replace(/\.$/, '') }
  }
  const digits = said.slice(0, 60).replace(/[\s().\-/]/g, '')
  const phone = /\+?\d{7,15}/.exec(digits)
  return phone ? { phone: phone[0] } : undefined
}
