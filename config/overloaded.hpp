/// Makes one visitor of several lambdas, for std::visit.
#pragma once

namespace darkroom {

template <class... Ts>
struct overloaded : Ts... {
  using Ts::operator()...;
};

template <class... Ts>
overloaded(Ts...) -> overloaded<Ts...>;

} // namespace darkroom
