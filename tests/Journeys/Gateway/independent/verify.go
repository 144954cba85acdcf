// A second opinion on our logs, by people who have never seen them: the tree and the notes are read by golang.org/x/mod/sumdb.
// Usage: verify DIR; prints "ok SIZE" or what is wrong, and exits with 1.
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(format string, a ...interface{}) {
	fmt.Printf(format+"\n", a...)
	os.Exit(1)
}

// p256 verifies signature type 2, which the package itself does not know.
type p256 struct {
	name string
	id   uint32
	key  *ecdsa.PublicKey
}

func (v p256) Name() string    { return v.name }
func (v p256) KeyHash() uint32 { return v.id }
func (v p256) Verify(msg, sig []byte) bool {
	digest := sha256.Sum256(msg)
	return ecdsa.VerifyASN1(v.key, digest[:], sig)
}

func readKey(file string) p256 {
	text, err := os.ReadFile(file)
	if err != nil {
		fail("%v", err)
	}
	parts := strings.SplitN(strings.TrimSpace(string(text)), "+", 3)
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || raw[0] != 2 {
		fail("not a key of type 2")
	}
	spki, err := x509.ParsePKIXPublicKey(raw[1:])
	if err != nil {
		fail("%v", err)
	}
	digest := sha256.Sum256(raw[1:])
	return p256{parts[0], binary.BigEndian.Uint32(digest[:4]), spki.(*ecdsa.PublicKey)}
}

// folder reads tiles of height 8 where tlog-tiles puts them: tile/L/N, without the height.
type folder string

func (f folder) Height() int                                 { return 8 }
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), strings.Replace(t.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func main() {
	dir := os.Args[1]
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		fail("%v", err)
	}
	opened, err := note.Open(signed, note.VerifierList(readKey(filepath.Join(dir, "key"))))
	if err != nil {
		fail("checkpoint: %v", err)
	}
	var origin, root string
	var size int64
	if _, err := fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &size, &root); err != nil {
		fail("checkpoint: %v", err)
	}
	hash, err := tlog.ParseHash(root)
	if err != nil {
		fail("root: %v", err)
	}
	tree := tlog.Tree{N: size, Hash: hash}
	reader := tlog.TileHashReader(tree, folder(dir)) // Checks every tile it reads against the root.

	for n := int64(0); n < size; n += 256 {
		width := size - n
		name := fmt.Sprintf("tile/entries/%03d", n/256)
		if width < 256 {
			name += fmt.Sprintf(".p/%d", width)
		} else {
			width = 256
		}
		bundle, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			fail("%v", err)
		}
		var indexes []int64
		var entries [][]byte
		for i := int64(0); i < width; i++ {
			length := int(binary.BigEndian.Uint16(bundle))
			entries = append(entries, bundle[2:2+length])
			indexes = append(indexes, tlog.StoredHashIndex(0, n+i))
			bundle = bundle[2+length:]
		}
		if len(bundle) != 0 {
			fail("%s: bytes left over", name)
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			fail("%s: %v", name, err)
		}
		for i, entry := range entries {
			if hashes[i] != tlog.RecordHash(entry) {
				fail("entry %d", n+int64(i))
			}
		}
	}

	// Every proof file of ours in the folder, checked by theirs.
	proofs, _ := filepath.Glob(filepath.Join(dir, "*.tlog-proof"))
	for _, file := range proofs {
		text, _ := os.ReadFile(file)
		head := strings.Split(string(bytes.SplitN(text, []byte("\n\n"), 2)[0]), "\n")
		entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(head[1], "extra "))
		if err != nil {
			fail("%s: %v", file, err)
		}
		var index int64
		fmt.Sscanf(head[2], "index %d", &index)
		var proof tlog.RecordProof
		for _, line := range head[3:] {
			h, err := tlog.ParseHash(line)
			if err != nil {
				fail("%s: %v", file, err)
			}
			proof = append(proof, h)
		}
		if err := tlog.CheckRecord(proof, size, hash, index, tlog.RecordHash(entry)); err != nil {
			fail("%s: %v", file, err)
		}
	}
	fmt.Printf("ok %d entries, %d proofs\n", size, len(proofs))
}
