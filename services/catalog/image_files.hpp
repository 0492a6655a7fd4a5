/// Which files belong to which images. Rows may name one file differently:
/// "a.png", "./a.png" and a link to it are one file. Call these within a
/// transaction, unless a function says otherwise.
#pragma once

#include "messages/result.hpp"
#include "services/catalog/database.hpp"

#include <functional>
#include <string>
#include <vector>

namespace darkroom {

/// The one name of a file below the uploads folder, without detours and links;
/// see `local_storage::real_name`.
/// @returns ec::forbidden_path or ec::bad_input if no such file can exist;
///   another error if that is unknown now
using real_name_of = std::function<result<std::string>(const std::string&)>;

/// Which files can be deleted with an image.
struct image_files {
  std::vector<std::string> free; ///< its originals that no other image has
  std::vector<std::string> kept; ///< files of its folder of variants which
                                 ///< other images have as their original
};

/// Looks up the files of all rows that were written since the last call. Uses
/// its own transactions, because file systems can be slow.
status look_up_files(database& db, const real_name_of& look);

/// Which of `paths` no other image has. They belong to an image whose row is
/// gone.
/// @param folder of the image's variants, without links
/// @returns an error if that is unknown; then keep all files
result<image_files> find_free_files(database& db, const real_name_of& look,
                                    const std::vector<std::string>& paths,
                                    const std::string& folder);

/// Forgets the hash of an image's bytes, because its file has changed.
status forget_bytes(database& db, const std::string& image_id);

} // namespace darkroom
