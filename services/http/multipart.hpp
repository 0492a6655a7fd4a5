/// Reads multipart/form-data (RFC 7578): the files of a form.
#pragma once

#include "messages/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// One file of a form.
struct form_file {
  std::string field;      ///< the form's name for it
  std::string filename;   ///< as the client calls it: not to be trusted
  std::string_view bytes; ///< a piece of the body
};

/// Whether a Content-Type is that of a form with files.
bool is_form(std::string_view content_type);

/// The files of a form in order; fields that are no file are left out, and so
/// are files that were not chosen (no name, no bytes).
/// @param body outlives what is returned
/// @returns ec::bad_input, saying what is malformed: no boundary, no end, more
///   than 100 parts, a header of more than 8 KiB, an encoding
result<std::vector<form_file>> read_form(std::string_view content_type,
                                         std::string_view body);

} // namespace darkroom
