/* Read an Online Retail CSV into the temporary table retail_row; exits when it cannot. */
#ifndef RETAIL_CSV_H
#define RETAIL_CSV_H

void retail_csv_read(const char *path); /* plain or gzip */

#endif
