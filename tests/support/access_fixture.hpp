/// The tokens and the audit log of a new catalog.
#pragma once

#include "services/access/access_book.hpp"
#include "tests/support/catalog_place.hpp"
#include "tests/support/must.hpp"

namespace darkroom {

/// @tparam Place of the catalog, see catalog_place.hpp
template <class Place>
struct access_fixture {
  static kept_token token(const std::string& name, access_role role) {
    auto made = make_token();
    kept_token out;
    out.id = made.id;
    out.name = name;
    out.role = role;
    out.hash = made.hash;
    // Tokens of one moment are listed by their ids, which are random.
    static int64_t made_at = 1000;
    out.created_at = made_at++;
    return out;
  }

  Place place;
  const catalog_settings& config = place.settings;
};

} // namespace darkroom
