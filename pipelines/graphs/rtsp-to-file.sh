#!/bin/sh
# rtsp-to-file.sh rtsp://HOST/PATH OUT.mkv: records a network camera without faces until Ctrl-C; the original is never stored.
exec gst-launch-1.0 -e rtspsrc location="$1" latency=200 ! decodebin ! video/x-raw ! queue leaky=downstream max-size-buffers=4 \
  ! videoconvert ! deidfacedetect ! queue max-size-buffers=2 ! deidfacemask shape=box ! queue \
  ! x264enc tune=zerolatency speed-preset=veryfast key-int-max=60 ! matroskamux ! filesink location="$2"
