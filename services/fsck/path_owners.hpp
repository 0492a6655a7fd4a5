/// Which files any image has as its original, and whose folder is whose.
#pragma once

#include "messages/result.hpp"
#include "services/fsck/fsck_stores.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace darkroom {

/// Reads the paths of all images, about a second per 50,000, when it is first
/// asked in a look. Keeps a hash for each path, and the ids that are not the
/// names of their folders. Needs the uploads folder. Not thread-safe.
class path_owners {
public:
  /// @param stores must outlive this
  explicit path_owners(fsck_stores& stores) : stores_(stores) {}

  /// Whether any image has this file as its original, however it spells it.
  /// @param look the number of the look, from 1
  result<bool> has_owner(const std::string& name, uint64_t look);

  /// The id of the image whose variants are in this folder of `variants/`, if
  /// there is an image; else the folder's name.
  result<std::string> image_of(const std::string& folder, uint64_t look);

private:
  status read(uint64_t look);

  fsck_stores& stores_;
  uint64_t look_ = 0;                ///< of what is known; 0: nothing is
  std::unordered_set<size_t> paths_; ///< hashes of real names
  std::unordered_map<std::string, std::string> ids_;
};

} // namespace darkroom
