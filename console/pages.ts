/** The pages people see, and which connection each belongs to. Plain files, served as they are. */
export interface Page {
  /** Folder below `console/`, served at `/<folder>/`. */
  readonly folder: string
  readonly html: string
  /** Where the page opens: `/chat` for the first such connection, `/chat/<connection>` for a named one. */
  readonly path: string
  /** The connector whose connections it shows. */
  readonly use: string
}

export const pages: readonly Page[] = [{ folder: 'widget', html: 'chat.html', path: '/chat', use: 'webchat' }]

/** Addresses that people remember, and where these pages are now. */
export const moved: Readonly<Record<string, string>> = { '/inbox': '/console/inbox', '/inbox/': '/console/inbox' }

/** Shown only in the sandbox. */
export const shop: Page = { folder: 'demo', html: 'shop.html', path: '/demo', use: 'webchat' }
