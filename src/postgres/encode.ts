/**
 * Rows as JSON that PostgreSQL takes. What it cannot store, the NUL character and halves of surrogate pairs, becomes U+FFFD: a
 * customer's words are kept, whatever strange character came with them.
 */
export function encode(rows: unknown): string {
  const json = JSON.stringify(rows)
  return suspicious.test(json) ? json.replace(unstorable, (found) => (found === '\\\\' ? found : '\uFFFD')) : json
}

/** JSON.stringify escapes exactly these; whole pairs stay as they are. */
const suspicious = /\\u(?:0000|d[89a-f])/i
/** An escaped backslash before it would make the rest plain text, so those are stepped over. */
const unstorable = /\\\\|\\u(?:0000|d[89a-f][0-9a-f]{2})/gi
