/** The hub's own tables: name to SQL, applied in order of name, never changed once released. */
import { record } from './0002-record.ts'
import { hot } from './0003-hot.ts'
import { staff } from './0004-staff.ts'
import { operations } from './0005-operations.ts'
import { reports } from './0006-reports.ts'
import { names } from './0007-names.ts'

export const hubMigrations: Readonly<Record<string, string>> = {
  '0001-memory': `
    CREATE TABLE memory (
      connection text NOT NULL,
      key text NOT NULL,
      value jsonb NOT NULL,
      expires_at timestamptz,
      PRIMARY KEY (connection, key)
    )`,
  '0002-record': record,
  '0003-hot': hot,
  '0004-staff': staff,
  '0005-operations': operations,
  '0006-reports': reports,
  '0007-names': names,
}
