/** The little Baton reads by itself: a plain yes to its own question, an address or number it asked for, a language, a time zone. */
const yeses = new Set(
  [
    'yes',
    'yes please',
    'yeah',
    'yep',
    'sure',
    'ok',
    'okay',
    'please',
    'please do',
    'ja',
    'ja bitte',
    'gerne',
    'bitte',
  ].concat([
    'oui',
    'oui merci',
    'volontiers',
    'd accord',
    'sí',
    'si',
    'sí por favor',
    'claro',
    'vale',
    'sim',
    'sim por favor',
    'نعم',
    'نعم من فضلك',
    'أجل',
    'اجل',
    'حسنا',
    'تمام',
    'موافق',
    'بالتأكيد',
  ]),
)

export function isYes(said: string): boolean {
  const words = said
    .slice(0, 40)
    .toLowerCase()
    // Vowel signs of Arabic, which some write and most do not.
    .replace(/[\u064b-\u0652]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  return yeses.has(words)
}

export function readContact(said: string): { email?: string; phone?: string } | undefined {
  for (const written of said.slice(0, 500).split(/[\s,;<>()]+/)) {
    const word = written.replace(/[.!?:]+$/, '')
    if (/^[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,4}$/.test(word)) return { email: word }
  }
  const digits = said.slice(0, 60).replace(/[\s().\-/]/g, '')
  const phone = /\+?\d{7,15}/.exec(digits)
  return phone ? { phone: phone[0] } : undefined
}

/** A tag as the standard writes it (`en_us` → `en-US`); undefined for what is none, since nothing could be said in it. */
export function readLanguage(tag: string | undefined): string | undefined {
  if (!tag) return undefined
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}

/** Undefined for a zone that no clock knows. */
export function readTimeZone(zone: string | undefined): string | undefined {
  if (!zone) return undefined
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone
  } catch {
    return undefined
  }
}
