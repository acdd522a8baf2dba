/**
 * Customers by words of their name. The column changes when the customer does and not with each message, so updates of the row
 * stay in place.
 */
export const names = `
  CREATE INDEX conversations_by_name ON conversations USING gin (to_tsvector('simple', customer ->> 'name'))
    WITH (fastupdate = off) WHERE customer ->> 'name' IS NOT NULL;
`
