/** The pages people see outside the console of staff, and which connection each belongs to. */
export interface Page {
  /** Folder below `console/`, served at `/<folder>/`. */
  readonly folder: string
  readonly html: string
  /** Where the page opens: `/chat` for the first such connection, `/chat/<connection>` for a named one. */
  readonly path: string
  /** The connector whose connections it shows. */
  readonly use: string
  /** By the connection's settings: other sites that may show the page in a frame. */
  framedBy?(settings: unknown): readonly string[]
}

export const pages: readonly Page[] = [
  {
    folder: 'widget',
    html: 'chat.html',
    path: '/chat',
    use: 'webchat',
    // Who may embed the chat by its script tag may do so by a frame.
    framedBy: (settings) => (settings as { origins?: string[] }).origins ?? [],
  },
]

/** Where the link of an invitation leads, `/survey/<token>`, and the connections that may know it. */
export const survey = { path: '/survey', use: 'form', hook: 'answers' } as const

/** Addresses that people remember, and where these pages are now. */
export const moved: Readonly<Record<string, string>> = { '/inbox': '/console/inbox', '/inbox/': '/console/inbox' }

/** Shown only in the sandbox. */
export const shop: Page = { folder: 'demo', html: 'shop.html', path: '/demo', use: 'webchat' }
