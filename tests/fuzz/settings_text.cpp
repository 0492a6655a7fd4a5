/// What users write into darkroom.toml and into the URLs of their databases.
#include "config/database_url.hpp"
#include "config/load.hpp"
#include "config/read_file.hpp"
#include "config/redis_url.hpp"

using namespace darkroom;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text{reinterpret_cast<const char*>(data), size};
  load_request request;
  request.search.clear();
  if (auto read = read_toml(text, "x.toml"))
    request.flags = std::move(read->assignments);
  (void)load_settings(request);
  return 0;
}
