/// Reads the files of a form: multipart/form-data (RFC 7578).
#pragma once

#include "messages/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// One file of a form.
struct form_file {
  std::string field;      ///< name of the form's field
  std::string filename;   ///< chosen by the client: do not trust it
  std::string_view bytes; ///< points into the body
};

/// Whether a Content-Type means a form with files.
bool is_form(std::string_view content_type);

/// The files of a form in their order. Other fields are left out, and so are
/// file fields without a chosen file (no name, no bytes).
/// @param body must outlive the result
/// @returns ec::bad_input, saying what is malformed: no boundary, no end, more
///   than 100 parts, a header of more than 8 KiB, or an encoding
result<std::vector<form_file>> read_form(std::string_view content_type,
                                         std::string_view body);

} // namespace darkroom
