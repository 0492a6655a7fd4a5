# Vips::vips, by DARKROOM_VIPS:
#   npm     the prebuilt library that sharp ships, pinned by cmake/vips/package-lock.json
#   system  pkg-config vips (Debian 12: libvips-dev 8.14; CMYK colours are less right)
if(DARKROOM_VIPS STREQUAL "system")
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(vips REQUIRED IMPORTED_TARGET vips>=8.14)
  add_library(Vips::vips INTERFACE IMPORTED GLOBAL)
  target_link_libraries(Vips::vips INTERFACE PkgConfig::vips)
  return()
elseif(NOT DARKROOM_VIPS STREQUAL "npm")
  message(FATAL_ERROR "DARKROOM_VIPS is '${DARKROOM_VIPS}': use npm or system")
endif()

# Installed once for all build folders; again when the lock file has changed.
set(vips_root "${PROJECT_SOURCE_DIR}/deps/vips")
file(LOCK "${vips_root}" DIRECTORY TIMEOUT 600) # of several configure runs
file(SHA256 "${PROJECT_SOURCE_DIR}/cmake/vips/package-lock.json" vips_lock)
set(vips_installed "")
if(EXISTS "${vips_root}/installed")
  file(READ "${vips_root}/installed" vips_installed)
endif()
if(NOT vips_installed STREQUAL vips_lock)
  find_program(NPM npm REQUIRED)
  message(STATUS "Installing libvips from npm into deps/vips")
  file(COPY "${PROJECT_SOURCE_DIR}/cmake/vips/package.json"
    "${PROJECT_SOURCE_DIR}/cmake/vips/package-lock.json" DESTINATION "${vips_root}")
  execute_process(COMMAND "${NPM}" ci --no-audit --no-fund --prefix "${vips_root}"
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    message(FATAL_ERROR "npm could not install libvips:\n${said}"
      "Without npm, install libvips-dev and configure with -DDARKROOM_VIPS=system")
  endif()
  file(WRITE "${vips_root}/installed" "${vips_lock}")
endif()
file(LOCK "${vips_root}" DIRECTORY RELEASE)
set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" APPEND PROPERTY
  CMAKE_CONFIGURE_DEPENDS cmake/vips/package-lock.json)

set(vips_npm "${vips_root}/node_modules/@img")
file(GLOB vips_library "${vips_npm}/sharp-libvips-linux-x64/lib/libvips-cpp.so.*")
set(vips_include "${vips_npm}/sharp-libvips-dev/include")
if(NOT vips_library)
  message(FATAL_ERROR "deps/vips holds no libvips: remove the folder and configure again")
endif()
# CMake puts the folder of an imported library into the RPATH of what links it.
add_library(Vips::vips SHARED IMPORTED GLOBAL)
set_target_properties(Vips::vips PROPERTIES
  IMPORTED_LOCATION "${vips_library}"
  INTERFACE_INCLUDE_DIRECTORIES
    "${vips_include};${vips_include}/glib-2.0;${vips_npm}/sharp-libvips-linux-x64/lib/glib-2.0/include")
