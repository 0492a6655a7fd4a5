/// The names of all files in the uploads folder, made here and nowhere else.
/// Relative to it, "/" between parts:
///
///   originals/<image>.<extension>
///   variants/<image>/<type>.<format>
///   variants/<image>/.<type>.<format>.<timestamp>-<attempt>-<job>.part
///   originals/.<image>.<extension>.<random>.part
///
/// The hidden ones are written aside and renamed once they are whole.
#pragma once

#include "messages/records.hpp"

#include <string>

namespace darkroom {

/// `id` if it consists of 1 to 100 of [A-Za-z0-9_.-] and starts with no dot,
/// else "~" and 32 hex digits of its BLAKE2b hash: no id reaches outside its
/// folder, and no two share a name.
std::string safe_name(const std::string& id);

/// Where an upload is kept. @param extension "jpg", without a dot; made safe
std::string original_name(const std::string& image_id,
                          const std::string& extension);

/// The folder of an image's variants.
std::string variant_folder(const std::string& image_id);

/// @param variant_type "sm", "md" or "lg" @param format "webp" or "avif"
std::string variant_name(const std::string& image_id,
                         const std::string& variant_type,
                         const std::string& format);

/// What all staged files of one attempt end with.
std::string staged_suffix(const attempt_stamp& stamp);

/// A hidden sibling of `final_name` that belongs to one attempt alone.
std::string staged_name(const std::string& final_name,
                        const attempt_stamp& stamp);

/// Whether a variant was written aside by this attempt, an earlier one of its
/// job, or a job that was added earlier.
bool is_staged_up_to(const std::string& name, const attempt_stamp& stamp);

/// A hidden sibling of `final_name` that nobody else has.
std::string upload_name(const std::string& final_name);

/// Whether a name's last part is that of a file written aside.
bool is_staged(const std::string& name);

} // namespace darkroom
