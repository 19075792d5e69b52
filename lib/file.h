/* Opening what should be a plain file.
 *
 * A named pipe, a device, a socket or a folder in its place is refused before it is opened: nothing
 * waits for what will never come, and no device is touched.
 *
 *   int fd = file_open(path, O_RDONLY);
 *   if (fd < 0)
 *           die(EX_CONFIG, "%s: %s", path, file_why(path));
 */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include <stddef.h>
#include <sys/stat.h>

/* As open(2) with mode 0600, closed on exec; -1 with errno, EINVAL or EISDIR for what is no plain file. */
int file_open(const char *path, int flags);

/* Why file_open() or file_read() just failed, in words; uses errno.  Valid until the next call. */
const char *file_why(const char *path);

/* The whole of a file, malloc'ed and NUL-terminated; NULL with errno, EFBIG when it has more than `most`
 * bytes.  st, when not NULL, is what the opened file is. */
char *file_read(const char *path, size_t most, size_t *size, struct stat *st);

/* Dies with that code and names the path when something that is no plain file lies there. */
void file_must_be_plain(const char *path, int code);

#endif
