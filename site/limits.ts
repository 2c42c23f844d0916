/** The limits of the API that requests of the explorer use in full. */

/** The largest `page[size]`. */
export const MAX_PAGE_SIZE = 1000
/** The longest `search` of datasets, in characters. */
export const MAX_SEARCH_LENGTH = 100
