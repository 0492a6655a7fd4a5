/// Which files belong to which images, whatever the rows call them: "a.png",
/// "./a.png" and a link to it are one file. Call within a transaction, unless
/// it says otherwise.
#pragma once

#include "messages/result.hpp"
#include "services/catalog/database.hpp"

#include <functional>
#include <string>
#include <vector>

namespace darkroom {

/// The one name of a file below the uploads folder, without detours and links;
/// see `local_storage::real_name`.
/// @returns ec::forbidden_path or ec::bad_input where there can be no such
///   file; another error where nobody can tell now
using real_name_of = std::function<result<std::string>(const std::string&)>;

/// What may go with an image.
struct image_files {
  std::vector<std::string> free; ///< its originals that no other image has
  std::vector<std::string> kept; ///< files of its folder of variants which
                                 ///< other images have as their original
};

/// Looks up the files of all rows that were written since the last call. In
/// transactions of its own: file systems can be slow.
status look_up_files(database& db, const real_name_of& look);

/// Which of `paths`, those of an image whose row is gone, nobody else has.
/// @param folder of the image's variants, without links
/// @returns an error where it cannot be told: then all must stay
result<image_files> find_free_files(database& db, const real_name_of& look,
                                    const std::vector<std::string>& paths,
                                    const std::string& folder);

/// Forgets whose bytes an image has, because its file is another now.
status forget_bytes(database& db, const std::string& image_id);

} // namespace darkroom
