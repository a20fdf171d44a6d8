"""How much of a file is read at all. Larger than honest lists of 100,000 rows need, small enough for a worker's memory."""

#: A workbook of 100,000 rows and 12 columns has about 8 MB.
MAX_BYTES = 20 * 1024 * 1024
#: Unpacked: a sheet of 100,000 rows and 20 columns has about 90 MB; the texts of a workbook are kept in memory as a whole.
MAX_SHEET_BYTES = 600 * 1024 * 1024
MAX_PART_BYTES = 128 * 1024 * 1024
#: Honest sheets pack up to about 40 : 1; a bomb goes to 1,000 : 1.
MAX_RATIO, RATIO_FROM = 250, 8 * 1024 * 1024
#: One piece of markup (a tag with its attributes, a text) that is longer than this is no cell.
MAX_TOKEN_BYTES = 4 * 1024 * 1024

#: Cells of one sheet that hold something; rows that hold something; cells of one row.
MAX_CELLS = 4_000_000
MAX_ROWS = 120_000
MAX_CELLS_PER_ROW = 1_000
#: The rectangle from the first to the last cell that holds something, which the reading library lays out in memory at
#: about 24 bytes a cell: one stray cell in the last row or column makes it as large as the sheet.
MAX_AREA = 8_000_000
#: Elements of a sheet, with empty cells that only have a format.
MAX_ELEMENTS = 40_000_000
#: Places that are remembered singly: merged ranges, hidden rows, error cells, formulas.
MAX_MARKS = 1_000_000

#: Memory and processor time of the process that opens old and foreign formats.
CHILD_BYTES = 1024 * 1024 * 1024
CHILD_SECONDS = 120
