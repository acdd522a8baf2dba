/** The pages people see outside the console of staff, and which connection each belongs to. */
export interface Page {
  /** Folder below `console/`, served at `/<folder>/`. */
  readonly folder: string
  readonly html: string
  /** Where the page opens: `/inbox` for the only such connection, `/inbox/<connection>` for a named one. */
  readonly path: string
  /** The connector whose connections it shows. */
  readonly use: string
}

export const pages: readonly Page[] = [
  { folder: 'inbox', html: 'index.html', path: '/inbox', use: 'inbox' },
  { folder: 'widget', html: 'chat.html', path: '/chat', use: 'webchat' },
]

/** Shown only in the sandbox. */
export const shop: Page = { folder: 'demo', html: 'shop.html', path: '/demo', use: 'webchat' }
