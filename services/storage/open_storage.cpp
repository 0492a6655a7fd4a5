#include "services/storage/open_storage.hpp"

#include "services/storage/local_storage.hpp"
#include "services/storage/s3_storage.hpp"

#include <utility>

namespace darkroom {

namespace {

template <class Storage>
result<std::unique_ptr<image_storage>> boxed(result<Storage> opened) {
  if (!opened)
    return std::move(opened.error());
  return std::unique_ptr<image_storage>{
    std::make_unique<Storage>(std::move(*opened))};
}

} // namespace

result<std::unique_ptr<image_storage>>
open_storage(const storage_settings& storage, uint64_t longest_original) {
  return storage.kind == "s3"
           ? boxed(s3_storage::open(storage, longest_original))
           : boxed(local_storage::open(storage.uploads));
}

} // namespace darkroom
