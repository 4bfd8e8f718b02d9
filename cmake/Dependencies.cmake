# Every library the product stands on, found once. Versions are Debian 12's; the engine's is pinned in models/manifest.json.
find_package(PkgConfig REQUIRED)
pkg_check_modules(GLIB REQUIRED IMPORTED_TARGET glib-2.0)
pkg_check_modules(GST REQUIRED IMPORTED_TARGET
  gstreamer-1.0>=1.22 gstreamer-base-1.0>=1.22 gstreamer-video-1.0>=1.22 gstreamer-pbutils-1.0>=1.22)

pkg_check_modules(GSTAPP REQUIRED IMPORTED_TARGET gstreamer-app-1.0>=1.22)
# What a file holds, frame by frame, and the sound: GStreamer's demuxers do not know every edit list and every index.
pkg_check_modules(LIBAV REQUIRED IMPORTED_TARGET libavformat>=59 libavcodec>=59 libavutil>=57 libswresample>=4)
# Single frames as pictures, for a review.
pkg_check_modules(SWSCALE REQUIRED IMPORTED_TARGET libswscale>=6)
# Photographs: one library a format, and one for their colour profiles.
pkg_check_modules(JPEG REQUIRED IMPORTED_TARGET libjpeg)
pkg_check_modules(PNG REQUIRED IMPORTED_TARGET spng)
pkg_check_modules(TIFF REQUIRED IMPORTED_TARGET libtiff-4>=4.5)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp libwebpmux libwebpdemux)
pkg_check_modules(LCMS REQUIRED IMPORTED_TARGET lcms2)
# NIfTI files that are packed.
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
# Optional: without it model files are neither written nor read encrypted.
pkg_check_modules(SODIUM IMPORTED_TARGET libsodium)

find_package(nlohmann_json 3.11 REQUIRED)
find_package(simdjson REQUIRED) # its own check takes a newer minor version for another library
if(simdjson_VERSION VERSION_LESS 3.0)
  message(FATAL_ERROR "simdjson ${simdjson_VERSION} is too old; 3.0 is needed")
endif()
find_package(CLI11 2.1 REQUIRED)
find_package(Threads REQUIRED)

# Debian's OpenCV config demands every module's development package (VTK and all); three modules are used, so name them.
add_library(deid_opencv INTERFACE)
find_path(OPENCV_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
target_include_directories(deid_opencv SYSTEM INTERFACE ${OPENCV_INCLUDE_DIR})
foreach(module core imgproc video)
  find_library(OPENCV_${module}_LIBRARY opencv_${module} REQUIRED)
  target_link_libraries(deid_opencv INTERFACE ${OPENCV_${module}_LIBRARY})
endforeach()

set(OpenVINO_DIR "${DEID_DEPS_DIR}/openvino/cmake" CACHE PATH "Where the engine's CMake files are")
find_package(OpenVINO QUIET COMPONENTS Runtime)
if(NOT OpenVINO_FOUND)
  message(FATAL_ERROR "The inference engine (OpenVINO) is not in ${DEID_DEPS_DIR}. Run ./meson-free-scripts/setup first.")
endif()
