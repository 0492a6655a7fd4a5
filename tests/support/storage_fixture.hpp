/// A storage in its own folder.
#pragma once

#include "services/storage/local_storage.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <filesystem>
#include <string>

namespace darkroom::test {

inline const attempt_stamp first{"7", 1700000000000, 1};
inline const attempt_stamp second{"7", 1700000000000, 2};

struct storage_fixture {
  scratch_folder folder;
  local_storage storage = *local_storage::open(folder / "uploads");

  bool exists(const std::string& name) {
    return std::filesystem::exists(storage.root() + "/" + name);
  }

  std::string content(const std::string& name) {
    return read_file(storage.root() + "/" + name);
  }

  ec refusal(const std::string& name) {
    auto path = storage.resolve(name);
    return path ? ec::none : path.error().code;
  }
};

} // namespace darkroom::test
