/** The pages people see outside the console of staff, and which connection each belongs to. */
export interface Page {
  /** Folder below `console/`, served at `/<folder>/`. */
  readonly folder: string
  readonly html: string
  /** Where the page opens: `/inbox` for the only such connection, `/inbox/<connection>` for a named one. */
  readonly path: string
  /** The connector whose connections it shows. */
  readonly use: string
  /** By the connection's settings: other sites that may show the page in a frame. */
  framedBy?(settings: unknown): readonly string[]
}

export const pages: readonly Page[] = [
  { folder: 'inbox', html: 'index.html', path: '/inbox', use: 'inbox' },
  {
    folder: 'widget',
    html: 'chat.html',
    path: '/chat',
    use: 'webchat',
    // Who may embed the chat by its script tag may do so by a frame.
    framedBy: (settings) => (settings as { origins?: string[] }).origins ?? [],
  },
]

/** Shown only in the sandbox. */
export const shop: Page = { folder: 'demo', html: 'shop.html', path: '/demo', use: 'webchat' }
