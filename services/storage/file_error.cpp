#include "services/storage/file_error.hpp"

#include <cerrno>

namespace darkroom {

ec file_error_code(int number) {
  switch (number) {
    case ENOENT:
      return ec::not_found;
    case ENAMETOOLONG:
    case ELOOP:
    case ENOTDIR:
    case EISDIR:
    case ENXIO: // a socket
    case ENODEV:
    case EINVAL: // the file system does not allow the name
    case EILSEQ:
      return ec::bad_input;
    case EFBIG:
    case EOVERFLOW:
      return ec::too_large;
    default:
      return ec::storage_failed;
  }
}

} // namespace darkroom
