/// Pictures that a script of tests/pictures makes.
#pragma once

#include "tests/support/scratch.hpp"

#include <string>
#include <vector>

namespace darkroom::test {

/// A folder with what `tests/pictures/<script>` makes.
class made_pictures : public scratch_folder {
public:
  explicit made_pictures(const std::string& script);

  /// The files whose names begin with this, by name; at least one.
  std::vector<std::string> named(const std::string& begin) const;
};

} // namespace darkroom::test
