// Writes a vulnerability database for Trivy with one made-up advisory, so that it scans without fetching the real one:
// go run . FOLDER. The layout is that of trivy-db, schema version 2.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
)

const source = "npm::GitHub Security Advisory npm"

// What is in which bucket: names down to the key, and the value.
var entries = []struct {
	path  []string
	value string
}{
	{[]string{"data-source", source}, `{"ID":"ghsa","Name":"GitHub Security Advisory npm","URL":"https://example.com/advisories"}`},
	{[]string{source, "shop-planted", "CVE-2026-99999"}, `{"VulnerableVersions":["<2.0.0"],"PatchedVersions":["2.0.0"]}`},
	{[]string{"vulnerability", "CVE-2026-99999"}, `{"Title":"planted for a test","Severity":"CRITICAL","VendorSeverity":{"ghsa":4}}`},
}

func main() {
	if err := write(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "could not write the database:", err)
		os.Exit(1)
	}
}

func write(words []string) error {
	if len(words) != 1 {
		return fmt.Errorf("name the folder")
	}
	folder := filepath.Join(words[0], "db")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	db, err := bbolt.Open(filepath.Join(folder, "trivy.db"), 0o644, nil)
	if err != nil {
		return err
	}
	if err := db.Update(put); err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	metadata := `{"Version":2,"NextUpdate":"2099-01-01T00:00:00Z","UpdatedAt":"2026-11-27T00:00:00Z","DownloadedAt":"2026-11-27T00:00:00Z"}`
	return os.WriteFile(filepath.Join(folder, "metadata.json"), []byte(metadata), 0o644)
}

func put(tx *bbolt.Tx) error {
	for _, entry := range entries {
		bucket, err := tx.CreateBucketIfNotExists([]byte(entry.path[0]))
		if err != nil {
			return err
		}
		last := len(entry.path) - 1
		for _, name := range entry.path[1:last] {
			if bucket, err = bucket.CreateBucketIfNotExists([]byte(name)); err != nil {
				return err
			}
		}
		if err := bucket.Put([]byte(entry.path[last]), []byte(entry.value)); err != nil {
			return err
		}
	}
	return nil
}
